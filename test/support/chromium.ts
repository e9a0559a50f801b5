/**
 * A headless Chromium for the pages: the machine's own, or Debian's package in the private cache, fetched as
 * redis-server is. A page that nobody opened is not tested, so without a browser the test fails and says what is
 * missing.
 */
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { cacheFolder } from "../../machine/cache-folder.ts";
import { chromiumFolder, findChromium } from "../../machine/chromium-binary.ts";
import type { ChromiumBinary } from "../../machine/chromium-binary.ts";
import { DebianPackagesError, fetchDebianPackages } from "../../machine/debian-packages.ts";

const REMEDY = "install one (apt-get install -y --no-install-recommends chromium) or put it on PATH";

export async function launchChromium(): Promise<Browser> {
  const { executablePath, libraryPath } = findChromium(cacheFolder()) ?? (await fetched());
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

/** @throws Error that names the remedy where Debian's packages are not available. */
async function fetched(): Promise<ChromiumBinary> {
  try {
    await fetchDebianPackages(["chromium"], chromiumFolder(cacheFolder()));
  } catch (error) {
    if (!(error instanceof DebianPackagesError)) throw error;
    throw new Error(`the tests of the report's page need Chromium: ${REMEDY}; ${error.message}`, { cause: error });
  }
  const found = findChromium(cacheFolder());
  if (found !== undefined) return found;
  throw new Error(
    `the tests of the report's page need Chromium, and this distribution's package has none inside: ${REMEDY}`,
  );
}
