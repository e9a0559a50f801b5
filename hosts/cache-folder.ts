/** The one folder outside the checkout that is written to: what was compiled or fetched once and can be had again at any time. */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * `$REDQUAKE_CACHE`, else `redquake` in `$XDG_CACHE_HOME`, else `~/.cache/redquake`. The folder may not exist yet.
 * Empty variables count as unset, and a relative `$XDG_CACHE_HOME` is ignored, as the XDG Base Directory specification asks.
 */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = environment["REDQUAKE_CACHE"];
  if (own !== undefined && own !== "") return resolve(own);
  const shared = environment["XDG_CACHE_HOME"];
  if (shared !== undefined && isAbsolute(shared)) return join(shared, "redquake");
  return join(homedir(), ".cache", "redquake");
}
