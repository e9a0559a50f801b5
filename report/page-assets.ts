/** Script and style of a page as one text each, for pages that must work from disk without any other file. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { compiledFile } from "../machine/compiled.ts";

export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

export async function pageAssets(page: "report" | "runs"): Promise<PageAssets> {
  const [script, style] = await Promise.all([
    readFile(compiledFile(`report/page/${page}.js`), "utf8"),
    readFile(compiledFile("report/page/style.css"), "utf8"),
  ]);
  return { script, style };
}

/** The expression of a Content-Security-Policy that allows exactly this inline script or style. */
export function cspHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
