/**
 * The one folder outside the checkout that is written to: what was compiled or fetched once and can be made again at
 * any time.
 */
import { mkdir, mkdtemp } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { HostError } from "./host-error.ts";

/**
 * `$REDQUAKE_CACHE`, else `redquake` in `$XDG_CACHE_HOME`, else `~/.cache/redquake`. The folder may not exist yet.
 * Empty variables count as unset, and a relative `$XDG_CACHE_HOME` is ignored, as the XDG Base Directory specification
 * asks.
 */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = environment["REDQUAKE_CACHE"];
  if (own !== undefined && own !== "") return resolve(own);
  const shared = environment["XDG_CACHE_HOME"];
  if (shared !== undefined && isAbsolute(shared)) return join(shared, "redquake");
  return join(homedir(), ".cache", "redquake");
}

/**
 * Makes a folder for work that is renamed to its place in the cache when it is whole.
 * @param prefix absolute; what the folder's path begins with
 * @throws HostError that names the folder that cannot be written, and what to do.
 */
export async function makeDraftFolder(prefix: string): Promise<string> {
  try {
    await mkdir(dirname(prefix), { recursive: true });
    return await mkdtemp(prefix);
  } catch (error) {
    throw new HostError(
      `the cache folder ${dirname(prefix)} cannot be written (${(error as Error).message}): make it writable, or set REDQUAKE_CACHE to another folder`,
      { cause: error },
    );
  }
}
