/**
 * Script and style of a page as one text each, for pages that must work from disk without any other file. The package
 * brings them bundled; a checkout bundles them at first use, and again after an edit.
 */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../machine/package-root.ts";

export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** In the package: the bundles. In a checkout: their sources. */
const FOLDER = fileURLToPath(new URL("./page/", import.meta.url));

/** Where the bundles lie, looked up once in each process. */
let bundles: Promise<string> | undefined;

export async function pageAssets(page: "report" | "runs"): Promise<PageAssets> {
  bundles ??= extname(import.meta.url) === ".js" ? Promise.resolve(FOLDER) : bundlesOfCheckout();
  const folder = await bundles;
  const [script, style] = await Promise.all([
    readFile(join(folder, `${page}.js`), "utf8"),
    readFile(join(folder, "style.css"), "utf8"),
  ]);
  return { script, style };
}

/** The expression of a Content-Security-Policy that allows exactly this inline script or style. */
export function cspHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Several processes may bundle at once: each writes a folder of its own, and the first to rename it wins. */
async function bundlesOfCheckout(): Promise<string> {
  const cache = join(packageRoot, ".cache/pages");
  const folder = join(cache, await sourcesKey());
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, ".draft-"));
  try {
    // esbuild is not part of the package.
    const { bundlePages } = await import("./bundle-pages.ts");
    await bundlePages(draft);
    await rename(draft, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/** Names the sources, the bundler's version (which package.json pins), and how it is called. */
async function sourcesKey(): Promise<string> {
  const found = await readdir(FOLDER, { recursive: true, withFileTypes: true });
  const sources = found.filter((each) => each.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const bundler = [join(packageRoot, "package.json"), fileURLToPath(new URL("./bundle-pages.ts", import.meta.url))];
  const hash = createHash("sha256");
  for (const file of [...sources.toSorted(), ...bundler])
    hash
      .update(`${file}\0`)
      .update(await readFile(file))
      .update("\0");
  return hash.digest("hex").slice(0, 16);
}
