/**
 * What is expected of the caches that redquake brings along, beyond what campaigns name, by cache, campaign and claim:
 * it was seen to be so with the very versions. Nothing is expected of what does not stand here.
 */
import type { DeclaredClaim } from "../declare/declare.ts";

type Expected = NonNullable<DeclaredClaim["expect"]>;

const SEEN: {
  readonly [cache: string]: { readonly [campaign: string]: { readonly [claim: string]: Expected } };
} = {};

export function cacheExpectationOf(cache: string, campaign: string, claim: string): Expected | undefined {
  return SEEN[cache]?.[campaign]?.[claim];
}
