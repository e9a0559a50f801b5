/** Makers of the verdicts of special cases. */
import { eventsOf, subsetOf } from "../subset.ts";
import type { Entries } from "../entries.ts";
import type { SpecialVerdict } from "./special-case.ts";

export const LEGAL: SpecialVerdict = { kind: "legal" };

export function inapplicable(why: string): SpecialVerdict {
  return { kind: "inapplicable", why };
}

/** @param operations indexes of the entries that prove it, in any order and possibly more than once. */
export function illegalFor(entries: Entries, operations: Iterable<number>, sentence: string): SpecialVerdict {
  const kept = [...new Set(operations)].toSorted((a, b) => a - b);
  return { kind: "illegal", sentence, events: eventsOf(subsetOf(entries, kept)) };
}

/** The events of an operation: `events 3 to 7`, or `event 3` where its completion is not known. */
export function spanOf({ call, ret, columns }: Entries, entry: number): string {
  const invoke = call[entry] ?? 0;
  const end = ret[entry] ?? 0;
  return end < columns.length ? `events ${invoke} to ${end}` : `event ${invoke}`;
}
