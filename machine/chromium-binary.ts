/** The Chromium in which the tests open reports: the machine's own, or Debian's package in the private cache. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

export interface ChromiumBinary {
  readonly executablePath: string;
  /** Where the libraries lie that came with it. */
  readonly libraryPath?: string;
}

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Looks on PATH and then in the cache; fetches nothing. */
export function findChromium(cacheFolder: string, path = process.env["PATH"] ?? ""): ChromiumBinary | undefined {
  const folders = path.split(":").filter((folder) => folder !== "");
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(existsSync);
  if (onPath !== undefined) return { executablePath: onPath };
  const folder = chromiumFolder(cacheFolder);
  const executablePath = join(folder, "usr", "lib", "chromium", "chromium");
  if (!existsSync(executablePath)) return undefined;
  return { executablePath, libraryPath: libraryFolders(folder).join(":") };
}

/** Where the package is unpacked when it is fetched. */
export function chromiumFolder(cacheFolder: string): string {
  return join(cacheFolder, `chromium-${process.arch}`);
}

/** Every folder that holds a shared library: some packages keep theirs in one of their own. */
function libraryFolders(folder: string): string[] {
  const libraries = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.so(\.\d+)*$/.test(file),
  );
  return [...new Set(libraries.map((file) => join(folder, dirname(file))))];
}
