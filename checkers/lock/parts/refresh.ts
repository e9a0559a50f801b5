/** Claims about what libraries do by themselves to keep a lock alive: of one that does nothing nothing can be said. */
import type { Grant } from "./grants.ts";

/**
 * Why such a claim is not about a lock, in one sentence; undefined where somebody was seen to refresh, or nobody
 * looked.
 */
export function neverRefreshed(grants: readonly Grant[]): string | undefined {
  const looked = grants.filter(({ refreshed }) => refreshed !== undefined);
  if (looked.length === 0 || looked.some(({ refreshed }) => refreshed)) return undefined;
  return "No library kept a lock alive by itself: it asked the servers nothing between a grant and its release.";
}
