/**
 * `npm run build`: compiles the package to `dist/`, and puts the files that it reads at run time beside what reads
 * them.
 */
import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { extname, join } from "node:path";
import { packageRoot } from "../machine/package-root.ts";

/**
 * Folders of files that are read and not imported. What compiled code reads from elsewhere (`docker/`,
 * `campaigns/durations.json`) is published as it is.
 */
const ASSETS = ["report/page"];
const ASSET_TYPES = new Set([".js", ".css"]);

const dist = join(packageRoot, "dist");
rmSync(dist, { recursive: true, force: true });
const compiler = join(packageRoot, "node_modules/typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [compiler, "-p", join(packageRoot, "tsconfig.build.json")], {
  stdio: "inherit",
});
if (status === 0) {
  for (const folder of ASSETS) {
    cpSync(join(packageRoot, folder), join(dist, folder), {
      recursive: true,
      filter: (file) => extname(file) === "" || ASSET_TYPES.has(extname(file)),
    });
  }
} else {
  process.exitCode = 1;
}
