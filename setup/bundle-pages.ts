/** The modules and the style in `report/page/` bundled by esbuild: one classic script for each page, and one style. */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { packageRoot } from "../machine/package-root.ts";

/** The modules and the style of the pages. */
export const PAGE_SOURCES: string = join(packageRoot, "report/page");
const ENTRIES = ["report.js", "runs.js", "style.css"];

/** These end an inline element early, or hide what follows it, whatever quotes stand around them. */
const ENDS_ELEMENT = /<\/script|<\/style|<!--/i;

/**
 * Writes `report.js`, `runs.js` and `style.css`; the same sources always give the same bytes.
 * @param folder made when it does not exist
 * @returns the files that went into them, absolute.
 * @throws Error when a source is wrong, or holds text that would end an inline element.
 */
export function bundlePages(folder: string, sources = PAGE_SOURCES): readonly string[] {
  const { metafile, outputFiles } = buildSync({
    absWorkingDir: packageRoot,
    entryPoints: ENTRIES.map((entry) => join(sources, entry)),
    outdir: folder,
    write: false,
    bundle: true,
    format: "iife",
    target: "es2024",
    charset: "utf8",
    // Every report carries the script. Minified, script and style have 54 kB instead of 110 kB, a browser has less to
    // parse, and starting redquake costs no more, because minifying is done here and never when a report is written.
    minify: true,
    legalComments: "none",
    tsconfigRaw: { compilerOptions: { alwaysStrict: true } },
    metafile: true,
    logLevel: "silent",
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, text } of outputFiles) {
    const [found] = ENDS_ELEMENT.exec(text) ?? [];
    if (found !== undefined)
      throw new Error(`${basename(path)} contains ${found}, which ends an inline element: write it in two parts`);
    writeFileSync(path, text);
  }
  return Object.keys(metafile.inputs).map((file) => resolve(packageRoot, file));
}
