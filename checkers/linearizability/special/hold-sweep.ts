/**
 * Locks that any client may release: a mutex, and a semaphore whose permits several may hold.
 *
 * At any moment, at least as many are held as acquires have completed, less the releases that were invoked; if that is
 * ever more than there are, no order is legal. If it is never less than none either, this order is: each acquire at its
 * completion, each release at its invocation. An acquire with an unknown outcome is left out: it would only keep others
 * out.
 */
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import { nameOf } from "../words/operation-words.ts";
import type { SpecialCase, SpecialVerdict } from "./special-case.ts";
import { illegalFor, inapplicable, LEGAL } from "./verdicts.ts";

/** @param limit how many may hold it at once. */
export function holdSweep(limit: number): SpecialCase {
  return {
    algorithm: "hold sweep",
    decide(entries) {
      const { completions, invocations } = boundaries(entries);
      let released = 0;
      for (let acquired = 0; acquired < completions.length; acquired += 1) {
        const now = completions[acquired] ?? NEVER;
        for (; (invocations[released] ?? NEVER) < now; released += 1)
          if (released >= acquired) return withoutAcquire(invocations[released] ?? 0);
        if (acquired + 1 - released > limit) return overlap(entries, now, limit);
      }
      return released < invocations.length && invocations.length > completions.length
        ? withoutAcquire(invocations[completions.length] ?? 0)
        : LEGAL;
    },
  };
}

/** When acquires completed and when releases were invoked; both rising. */
function boundaries({ columns, length, call, ret, f }: Entries): {
  readonly completions: Int32Array;
  readonly invocations: Int32Array;
} {
  const acquire = columns.names.indexOf("acquire");
  const completions = new Int32Array(length);
  const invocations = new Int32Array(length);
  let acquires = 0;
  let releases = 0;
  for (let i = 0; i < length; i += 1) {
    if (f[i] !== acquire) {
      invocations[releases] = call[i] ?? 0;
      releases += 1;
    } else if (ret[i] !== NEVER) {
      completions[acquires] = ret[i] ?? 0;
      acquires += 1;
    }
  }
  return { completions: completions.subarray(0, acquires).sort(), invocations: invocations.subarray(0, releases) };
}

function withoutAcquire(event: number): SpecialVerdict {
  return inapplicable(`when event ${event} released it, nobody is known to have acquired it`);
}

/** The acquires that had completed at the event, and had not been released. */
function overlap(entries: Entries, now: number, limit: number): SpecialVerdict {
  const { columns, length, call, ret, f } = entries;
  const acquire = columns.names.indexOf("acquire");
  const order = Array.from({ length }, (_, i) => i)
    .map((i) => ({ i, at: (f[i] === acquire ? ret[i] : call[i]) ?? NEVER }))
    .filter(({ at }) => at <= now)
    .toSorted((a, b) => a.at - b.at);
  /** Entries of acquires, by the process; a release of another's takes the oldest. */
  const held = new Map<number, number[]>();
  for (const { i } of order) {
    const process = columns.process[call[i] ?? 0] ?? 0;
    const own = held.get(process) ?? [];
    if (f[i] === acquire) held.set(process, [...own, i]);
    else (own.length > 0 ? own : ([...held.values()].find((list) => list.length > 0) ?? [])).shift();
  }
  const holders = [...held.values()].flat().toSorted((a, b) => a - b);
  const names = holders.map((entry) => nameOf(entries, entry)).join(", ");
  const sentence = `at event ${now}, ${holders.length} hold what ${limit === 1 ? "only one" : `only ${limit}`} may hold: ${names} had completed, and no release of theirs had been invoked`;
  return illegalFor(entries, holders, sentence);
}
