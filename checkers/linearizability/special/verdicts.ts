/** Makers of the verdicts of special cases. */
import { eventsOf, subsetOf } from "../subset.ts";
import type { Entries } from "../entries.ts";
import type { SpecialVerdict } from "./special-case.ts";

export type IllegalVerdict = Extract<SpecialVerdict, { readonly kind: "illegal" }>;

export const LEGAL: SpecialVerdict = { kind: "legal" };

export function inapplicable(why: string): SpecialVerdict {
  return { kind: "inapplicable", why };
}

/** @param operations indexes of the entries that prove it, in any order and possibly more than once. */
export function illegalFor(entries: Entries, operations: Iterable<number>, sentence: string): IllegalVerdict {
  const kept = [...new Set(operations)].toSorted((a, b) => a - b);
  return { kind: "illegal", sentence, events: eventsOf(subsetOf(entries, kept)) };
}

/** An operation whose answer comes from nowhere is a proof by itself. */
export function fromNowhere(entries: Entries, operation: number, sentence: string): IllegalVerdict {
  return { ...illegalFor(entries, [operation], sentence), unexplained: operation };
}
