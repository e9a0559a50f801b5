/** What is expected of the libraries that deliver messages, by library, campaign and claim: what was seen with them. */
import type { DeclaredClaim } from "../../declare/declare.ts";

type Expected = NonNullable<DeclaredClaim["expect"]>;

const SEEN: { readonly [delivery: string]: { readonly [campaign: string]: { readonly [claim: string]: Expected } } } =
  {};

export function deliveryExpectation(delivery: string, campaign: string, claim: string): Expected | undefined {
  return SEEN[delivery]?.[campaign]?.[claim];
}
