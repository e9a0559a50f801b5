/**
 * Script and style of a page as one text each, for pages that must work from disk without any other file.
 *
 * The files in `page/` are ordinary modules of a browser. Here they are put into one script: every module becomes a
 * function that returns its exports, in the order of their imports, so names in different files never meet.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

const FOLDER = new URL("./page/", import.meta.url);

export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** @param entry name of the module in `page/` that runs the page, without its extension. */
export async function pageAssets(entry: string): Promise<PageAssets> {
  const parts: string[] = [];
  await linkModule(`${entry}.js`, new Set(), parts);
  const script = `"use strict";\n${parts.join("\n")}`;
  // Both would end the script element early, whatever quotes stand around them.
  if (/<\/script|<!--/i.test(script)) {
    throw new Error(
      "a file in report/page contains </script or <!--, which an inline script must not; write it in two parts",
    );
  }
  return { script, style: await readFile(new URL("style.css", FOLDER), "utf8") };
}

/** The expression of a Content-Security-Policy that allows exactly this inline script or style. */
export function cspHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

const IMPORT = /^import \{([^}]*)\} from "\.\/([\w-]+\.js)";$/gm;
const EXPORT = /^export (?=(?:async )?(?:function\*?|class|const) (\w+))/gm;

async function linkModule(file: string, linked: Set<string>, parts: string[]): Promise<void> {
  if (linked.has(file)) return;
  linked.add(file);
  const source = await readFile(new URL(file, FOLDER), "utf8");
  for (const [, , imported] of source.matchAll(IMPORT)) {
    if (imported !== undefined) await linkModule(imported, linked, parts);
  }
  const names = [...source.matchAll(EXPORT)].map(([, name]) => name);
  const body = source
    .replace(IMPORT, (_, imports: string, imported: string) => `const {${imports}} = ${moduleName(imported)};`)
    .replace(EXPORT, "");
  const left = /^(?:import|export)\b.*$|^const \{[^}]* as .*$/m.exec(body);
  if (left !== null)
    throw new Error(
      `report/page/${file}: only named imports of sibling modules and named exports can be put into one script, not: ${left[0]}`,
    );
  parts.push(`const ${moduleName(file)} = (() => {\n${body}\nreturn { ${names.join(", ")} };\n})();`);
}

function moduleName(file: string): string {
  return `$${file.replace(/\.js$/, "").replaceAll("-", "_")}`;
}
