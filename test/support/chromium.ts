/**
 * A headless Chromium for the pages: the machine's own, or Debian's package in the private cache, fetched as redis-server is.
 * A page that nobody opened is not tested, so without a browser the test fails and says what is missing.
 */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { cacheFolder } from "../../hosts/cache-folder.ts";
import { DebianPackagesError, fetchDebianPackages } from "../../hosts/debian-packages.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const REMEDY = "install one (apt-get install -y --no-install-recommends chromium) or put it on PATH";

export async function launchChromium(): Promise<Browser> {
  const { executablePath, libraryPath } = onPath() ?? (await cached());
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }) },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

interface Installed {
  readonly executablePath: string;
  /** Where the libraries lie that came with it. */
  readonly libraryPath?: string;
}

function onPath(): Installed | undefined {
  const folders = (process.env["PATH"] ?? "").split(":").filter((folder) => folder !== "");
  const executablePath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(existsSync);
  return executablePath === undefined ? undefined : { executablePath };
}

/** @throws Error that names the remedy where Debian's packages are not to be had. */
async function cached(): Promise<Installed> {
  const folder = join(cacheFolder(), `chromium-${process.arch}`);
  const executablePath = join(folder, "usr", "lib", "chromium", "chromium");
  if (!existsSync(executablePath)) {
    try {
      await fetchDebianPackages(["chromium"], folder);
    } catch (error) {
      if (!(error instanceof DebianPackagesError)) throw error;
      throw new Error(`the tests of the report's page need Chromium: ${REMEDY}; ${error.message}`, { cause: error });
    }
    if (!existsSync(executablePath)) {
      throw new Error(
        `the tests of the report's page need Chromium, and this distribution's package has none inside: ${REMEDY}`,
      );
    }
  }
  return { executablePath, libraryPath: libraryFolders(folder).join(":") };
}

/** Every folder that holds a shared library: some packages keep theirs in one of their own. */
function libraryFolders(folder: string): string[] {
  const libraries = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.so(\.\d+)*$/.test(file),
  );
  return [...new Set(libraries.map((file) => join(folder, dirname(file))))];
}
