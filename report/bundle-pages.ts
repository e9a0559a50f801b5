/** The modules and the style in `page/` bundled by esbuild: one classic script for each page, and one style. */
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";

/** The modules and the style of the pages. */
export const PAGE_SOURCES: string = fileURLToPath(new URL("./page/", import.meta.url));
const ENTRIES = ["report.js", "runs.js", "style.css"];

/** These end an inline element early, or hide what follows it, whatever quotes stand around them. */
const ENDS_ELEMENT = /<\/script|<\/style|<!--/i;

/**
 * Writes `report.js`, `runs.js` and `style.css`; the same sources always give the same bytes.
 * @param folder made when it does not exist
 * @throws Error when a source is wrong, or holds text that would end an inline element.
 */
export async function bundlePages(folder: string, sources = PAGE_SOURCES): Promise<void> {
  try {
    const { outputFiles } = await build({
      entryPoints: ENTRIES.map((entry) => join(sources, entry)),
      outdir: folder,
      write: false,
      bundle: true,
      format: "iife",
      target: "es2024",
      charset: "utf8",
      // Every report carries the script. Minified, script and style have 54 kB instead of 110 kB, a browser has less
      // to parse, and starting redquake costs no more, because minifying is done here and never when a report is
      // written.
      minify: true,
      legalComments: "none",
      tsconfigRaw: { compilerOptions: { alwaysStrict: true } },
      logLevel: "silent",
    });
    await mkdir(folder, { recursive: true });
    for (const { path, text } of outputFiles) {
      const [found] = ENDS_ELEMENT.exec(text) ?? [];
      if (found !== undefined)
        throw new Error(`${basename(path)} contains ${found}, which ends an inline element: write it in two parts`);
      await writeFile(path, text);
    }
  } finally {
    // esbuild is a process of its own, which would otherwise stay until this one ends.
    await stop();
  }
}
