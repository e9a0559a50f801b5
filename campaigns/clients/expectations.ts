/**
 * What is expected of client libraries, by campaign and claim: known bugs of the very versions, and the versions that
 * do not have them. Nothing is expected of what does not stand here.
 */
import type { DeclaredClaim } from "../declare/declare.ts";

type Expected = NonNullable<DeclaredClaim["expect"]>;
type Expectations = { readonly [campaign: string]: { readonly [claim: string]: Expected } };

/** It resends what was not answered (https://github.com/redis/ioredis/issues/933), and waits for ever. */
const RESENDS: Expectations = {
  "client-lost-reply": { "no-duplicate": "broken", once: "broken" },
  "client-blackholed-primary": { settles: "broken", recovery: "broken" },
  "client-demoted-primary": { recovery: "broken" },
};

/** The connection to the only sentinel is lost once, and no command is sent any more. */
const LOSES_SENTINEL: Expectations = { "client-only-sentinel": { settles: "broken", recovery: "broken" } };
const KEEPS_SENTINEL: Expectations = { "client-only-sentinel": { settles: "holds", recovery: "holds" } };

const EXPECTED: { readonly [client: string]: Expectations } = {
  "ioredis@6.0.0": RESENDS,
  "ioredis/safe@6.0.0": {
    "client-lost-reply": { "no-duplicate": "holds", once: "holds", settles: "holds" },
    "client-blackholed-primary": { settles: "holds", recovery: "holds" },
    "client-demoted-primary": { recovery: "holds" },
  },
  "redis@6.3.1": { "client-lost-reply": { "no-duplicate": "holds", once: "holds" } },
  "redis@5.8.3": KEEPS_SENTINEL,
  "redis@5.9.0": LOSES_SENTINEL,
  "redis@5.10.0": LOSES_SENTINEL,
  "redis@5.12.1": KEEPS_SENTINEL,
  // Nothing but plain commands taught it where a slot had gone.
  "redis@6.2.0": {
    "client-cluster-transactions": { recovery: "broken" },
    "client-cluster-transactions-and-reads": { recovery: "holds" },
  },
  "redis@6.2.1": { "client-cluster-transactions": { recovery: "holds" } },
};

export function clientExpectation(client: string, campaign: string, claim: string): Expected | undefined {
  return EXPECTED[client]?.[campaign]?.[claim];
}
