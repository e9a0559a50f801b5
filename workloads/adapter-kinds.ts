/** All kinds of adapters, by the name that an adapter gives as its `kind`. */
import type { AdapterKindName } from "./adapter/adapter.ts";
import type { AdapterKind } from "./adapter/kind.ts";
import type { Shelf } from "./adapter/shelf.ts";
import { deliveryKind } from "./delivery/kind.ts";
import { leaderKind } from "./leader/kind.ts";
import { clientKind } from "./client/kind.ts";
import { lockKind } from "./lock/kind.ts";
import { cacheKind } from "./cache/kind.ts";

export const ADAPTER_KINDS: readonly AdapterKind[] = [lockKind, deliveryKind, cacheKind, leaderKind, clientKind];

/** What redquake brings along, of every kind. */
export const SHELVES: readonly Shelf[] = ADAPTER_KINDS.map(({ shelf }) => shelf);

export function adapterKindNamed(name: AdapterKindName | undefined): AdapterKind {
  const found = ADAPTER_KINDS.find(({ kind }) => kind === (name ?? "lock"));
  if (found === undefined) throw new RangeError(`there is no kind of adapter ${JSON.stringify(name)}`);
  return found;
}

/** The kind that brings along an adapter of that name; undefined when none does. */
export function kindThatHas(name: string): AdapterKind | undefined {
  return ADAPTER_KINDS.find(({ shelf }) => shelf.has(name));
}
