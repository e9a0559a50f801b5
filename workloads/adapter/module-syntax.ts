/**
 * Files of a project whose package.json says `"type": "commonjs"`, as `npm init` writes it, and that are written as
 * modules all the same: they are loaded as what they are. Node.js goes by the syntax only where package.json says
 * nothing (https://nodejs.org/api/packages.html#syntax-detection).
 */
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { compileFunction } from "node:vm";

/** What the engine says of a module that it was given as CommonJS. */
const IS_MODULE = /^Cannot use (?:import statement|'import\.meta') outside a module|^Unexpected token 'export'/;
const WRAPPER = ["exports", "require", "module", "__filename", "__dirname"];

/**
 * From now on, in this process, for whatever is imported or required outside of node_modules. Deregister it when all is
 * loaded.
 */
export function goBySyntax(): ReturnType<typeof registerHooks> {
  return registerHooks({
    load: (url, context, nextLoad) => {
      const { format } = context;
      if (format !== "commonjs" && format !== "commonjs-typescript") return nextLoad(url, context);
      if (!url.startsWith("file:") || url.includes("/node_modules/")) return nextLoad(url, context);
      const isTypeScript = format === "commonjs-typescript";
      if (!hasModuleSyntax(readFileSync(fileURLToPath(url), "utf8"), isTypeScript)) return nextLoad(url, context);
      return nextLoad(url, { ...context, format: isTypeScript ? "module-typescript" : "module" });
    },
  });
}

function hasModuleSyntax(source: string, isTypeScript: boolean): boolean {
  try {
    compileFunction(isTypeScript ? stripTypeScriptTypes(source) : source, WRAPPER);
    return false;
  } catch (error) {
    // Whatever else is wrong with it, Node.js will say so.
    return error instanceof SyntaxError && IS_MODULE.test(error.message);
  }
}
