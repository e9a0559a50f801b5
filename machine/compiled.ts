/**
 * Compiled files: programs that are started as a process or a thread of their own, and the report's pages. What starts
 * a program names it by the path of its source, and never relative to itself: compiled, modules lie elsewhere.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { packageRoot } from "./package-root.ts";

/** Whether this module is a compiled one itself. */
export const isCompiled: boolean = extname(import.meta.filename) === ".js";

/** Looked up once in each process. */
let folder: string | undefined;

/**
 * A file of the build that this process runs on; in a process that runs on the sources of a checkout, of a build of
 * them as they are now.
 * @param name from the root, such as `runner/worker/main.js`
 * @throws Error when the sources of the checkout cannot be compiled.
 */
export function compiledFile(name: string): string {
  folder ??= isCompiled ? ownBuild(name) : buildOfCheckout();
  return join(folder, name);
}

/** The root of the build, which is above this module. */
function ownBuild(name: string): string {
  for (let above = import.meta.dirname; ; above = dirname(above)) {
    if (existsSync(join(above, name))) return above;
    if (above === dirname(above))
      throw new Error(`no ${name} above ${import.meta.dirname}: redquake is not completely installed`);
  }
}

/** The compiler is no part of the package, and loads only where it is needed. */
function buildOfCheckout(): string {
  const { compiledCheckout } = createRequire(import.meta.url)(join(packageRoot, "setup/compiled-checkout.ts")) as {
    readonly compiledCheckout: () => string;
  };
  return compiledCheckout();
}
