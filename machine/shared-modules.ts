/**
 * In a checkout, modules of a user's own import redquake's sources by their path. They get the compiled modules that
 * the process runs on: else there were two registries of each kind, and two classes of each error.
 */
import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compiledFile, isCompiled } from "./compiled.ts";
import { packageRoot } from "./package-root.ts";

let isShared = false;

/** From now on, in this process, for what is published; in the package, npm's `exports` see to it. */
export function shareModules(): void {
  if (isShared || !isCompiled) return;
  isShared = true;
  const root = `${pathToFileURL(packageRoot).href}/`;
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const resolved = nextResolve(specifier, context);
      if (!resolved.url.startsWith(root) || !resolved.url.endsWith(".ts")) return resolved;
      const source = fileURLToPath(resolved.url).slice(packageRoot.length + 1);
      const compiled = compiledFile(source.replace(/\.ts$/, ".js"));
      if (!existsSync(compiled)) return resolved;
      return { ...resolved, url: pathToFileURL(compiled).href, format: "module" };
    },
  });
}
