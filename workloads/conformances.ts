/** How each kind of adapter is put through its contract. Runs do not need it. */
import type { AdapterKindName } from "./adapter/adapter.ts";
import type { Conformance } from "./adapter/conformance/check.ts";
import { conformance as delivery } from "./delivery/conformance/conformance.ts";
import { conformance as leader } from "./leader/conformance/conformance.ts";
import { conformance as client } from "./client/conformance/conformance.ts";
import { conformance as lock } from "./lock/conformance/conformance.ts";
import { conformance as cache } from "./cache/conformance/conformance.ts";

/** An adapter has been found to be of its kind before it is put to the test. */
const BY_KIND = { lock, delivery, cache, leader, client } as unknown as Readonly<Record<AdapterKindName, Conformance>>;

export function conformanceOf(kind: AdapterKindName): Conformance {
  return BY_KIND[kind];
}
