/**
 * Where the package lies. Files that are not TypeScript (the fault shim's C source, assets of the report) stay where
 * they are when the package is compiled to `dist/`, so code finds them from here and never relative to itself.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of redquake's package.json: of the checkout, or of the installed package. */
export const packageRoot: string = findPackageRoot();

function findPackageRoot(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder))
      throw new Error(`no package.json above ${import.meta.dirname}: redquake is not completely installed`);
  }
}
