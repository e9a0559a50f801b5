/** `npm run build`: compiles the package to `dist/`, with the types of what it publishes. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../machine/package-root.ts";
import { compile } from "./compile.ts";

// What compiled code reads from elsewhere (`docker/`, `campaigns/durations.json`) is published as it is.
const dist = join(packageRoot, "dist");
rmSync(dist, { recursive: true, force: true });
const compiler = join(packageRoot, "node_modules/typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [compiler, "-p", join(packageRoot, "tsconfig.build.json")], {
  stdio: "inherit",
});
// Which version of a package is used, and whose types, is npm's to decide.
if (status === 0) compile(dist, "external");
else process.exitCode = 1;
