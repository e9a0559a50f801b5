/**
 * What is expected of client libraries, by campaign and claim: known bugs of the very versions, and the versions that
 * do not have them. Nothing is expected of what does not stand here.
 */
import type { DeclaredClaim } from "../declare/declare.ts";

type Expected = NonNullable<DeclaredClaim["expect"]>;
type Expectations = { readonly [campaign: string]: { readonly [claim: string]: Expected } };

const EXPECTED: { readonly [client: string]: Expectations } = {};

export function clientExpectation(client: string, campaign: string, claim: string): Expected | undefined {
  return EXPECTED[client]?.[campaign]?.[claim];
}
