/** The module of a user's adapter. It finds its packages where it lies: in its own project. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { shareModules } from "../../machine/shared-modules.ts";
import { AdapterError } from "./adapter-error.ts";
import { goBySyntax } from "./module-syntax.ts";

/** What the module exports as its adapter. @throws AdapterError when it does not load. */
export async function adapterOfModule(file: string): Promise<unknown> {
  return exportOf((await importedFrom(file)) as { readonly [name: string]: unknown });
}

async function importedFrom(file: string): Promise<unknown> {
  shareModules();
  const hooks = goBySyntax();
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    const thrown = error instanceof SyntaxError ? await placed(error, file) : error;
    throw new AdapterError({ adapter: file, problem: "does not load", thrown, remedy: remedyFor(error, file) });
  } finally {
    hooks.deregister();
  }
}

/**
 * Node.js tells the place of a syntax error in JavaScript only where nobody catches it, and when it is asked to check
 * the file.
 */
async function placed(error: SyntaxError, file: string): Promise<unknown> {
  if (error.stack?.includes(file) === true) return error;
  const check = spawn(process.execPath, ["--check", file], { stdio: ["ignore", "ignore", "pipe"] });
  const told = await text(check.stderr);
  if (!told.includes(file)) return error;
  const withPlace = new SyntaxError(error.message);
  withPlace.stack = told;
  return withPlace;
}

/** `export default` or `export const adapter`; what CommonJS exports arrives as the default export. */
function exportOf(module: { readonly [name: string]: unknown }): unknown {
  const given = module["default"] ?? module["adapter"];
  const inner = given as { readonly default?: unknown; readonly adapter?: unknown } | null | undefined;
  return inner?.default ?? inner?.adapter ?? given;
}

function remedyFor(error: unknown, file: string): string {
  const { code, message } = error as { code?: unknown; message?: string };
  const missing = /Cannot find (?:package|module) '((?:@[^/'.]+\/)?[^./'][^/']*)/.exec(message ?? "")?.[1];
  if ((code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") && missing !== undefined)
    return `install it where the adapter lies: cd ${projectOf(file)} && npm install ${missing}`;
  if (/does not provide an export named/.test(message ?? ""))
    return "check the name; what is only a type must be imported with `import type`";
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX")
    return "Node.js only removes types: write it without enums, namespaces and parameter properties, or compile it first";
  return `correct it until \`node ${file}\` runs without an error`;
}

/** The nearest folder with a package.json, else the file's own. */
function projectOf(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return dirname(file);
  }
}
