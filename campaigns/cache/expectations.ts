/**
 * What is expected of the caches that redquake brings along, beyond what campaigns name, by cache, campaign and claim:
 * it was seen to be so with the very versions. Nothing is expected of what does not stand here.
 */
import type { DeclaredClaim } from "../declare/declare.ts";

type Expected = NonNullable<DeclaredClaim["expect"]>;

const SEEN: {
  readonly [cache: string]: { readonly [campaign: string]: { readonly [claim: string]: Expected } };
} = {
  "redis/client-side-cache@5.12.1": {
    "cache-reset": { converges: "holds" },
    "cache-restart": { converges: "holds" },
    "cache-failover": { converges: "holds" },
  },
  "redis/client-side-cache@6.3.1": {
    "cache-reset": { converges: "holds" },
    "cache-restart": { converges: "holds" },
    "cache-failover": { converges: "holds" },
  },
  // It subscribes again, and keeps the copies from before.
  "bentocache@1.6.1": {
    "cache-reset": { converges: "broken" },
    "cache-dropped": { converges: "broken" },
    "cache-amnesia": { converges: "broken" },
  },
};

export function cacheExpectationOf(cache: string, campaign: string, claim: string): Expected | undefined {
  return SEEN[cache]?.[campaign]?.[claim];
}
