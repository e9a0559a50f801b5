/** `npm run build`: compiles the package to `dist/`, and bundles the report's pages for it. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../machine/package-root.ts";
import { bundlePages } from "../report/bundle-pages.ts";

// What compiled code reads from elsewhere (`docker/`, `campaigns/durations.json`) is published as it is.
const dist = join(packageRoot, "dist");
rmSync(dist, { recursive: true, force: true });
const compiler = join(packageRoot, "node_modules/typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [compiler, "-p", join(packageRoot, "tsconfig.build.json")], {
  stdio: "inherit",
});
if (status === 0) await bundlePages(join(dist, "report/page"));
else process.exitCode = 1;
