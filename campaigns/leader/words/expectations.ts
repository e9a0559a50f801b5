/**
 * What was seen of the libraries that redquake brings along, with the very versions, by library, campaign and claim.
 * Nothing is expected of what does not stand here.
 */
import type { DeclaredClaim } from "../../declare/declare.ts";

type Expected = NonNullable<DeclaredClaim["expect"]>;

const SEEN: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Expected>>>>>> = {
  // An error ends their election: https://github.com/mkralla11/safe-redis-leader
  "safe-redis-leader@0.0.6": { "leader-demoted-server": { progress: "broken" } },
  "ts-safe-redis-leader@0.0.5": { "leader-demoted-server": { progress: "broken" } },
};

export function expectationOf(leader: string, campaign: string, claim: string): Expected | undefined {
  return SEEN[leader]?.[campaign]?.[claim];
}
