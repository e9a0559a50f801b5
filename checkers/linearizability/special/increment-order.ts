/**
 * Counters whose increments answer the sum. The answers say where each increment and each read stands; what nobody
 * answered must be increments of unknown outcome. It is legal exactly when no operation completed before one was
 * invoked that stands before it, and the gaps can be filled: each with an increment of unknown outcome that was invoked
 * before anything after the gap completed. Gaps and these increments are matched in their order, the earliest first.
 */
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import { nameOf } from "../words/operation-words.ts";
import type { SpecialCase, SpecialVerdict } from "./special-case.ts";
import { illegalFor, LEGAL } from "./verdicts.ts";

const NONE = -1;

export const incrementOrder: SpecialCase = {
  algorithm: "increment order",
  decide(entries, { init }) {
    const places = placesOf(entries, Number(init ?? 0));
    return places.verdict ?? judge(entries, places);
  },
};

/** Sums, less the one at the beginning, with the entries that answered each, or `NONE`. */
interface Places {
  readonly verdict?: undefined;
  readonly greatest: number;
  readonly increment: Int32Array;
  /** The read that completed first, and the one that was invoked last. */
  readonly firstRead: Int32Array;
  readonly lastRead: Int32Array;
  /** The increments of unknown outcome, by their invocations. */
  readonly unknown: Int32Array;
}

function placesOf(entries: Entries, initial: number): Places | { readonly verdict: SpecialVerdict } {
  const { columns, length, ret, f, output } = entries;
  const increment = columns.names.indexOf("increment");
  const unknown: number[] = [];
  let increments = 0;
  for (let i = 0; i < length; i += 1) {
    if (f[i] !== increment) continue;
    increments += 1;
    if (ret[i] === NEVER) unknown.push(i);
  }
  const places = {
    greatest: 0,
    increment: new Int32Array(increments + 1).fill(NONE),
    firstRead: new Int32Array(increments + 1).fill(NONE),
    lastRead: new Int32Array(increments + 1).fill(NONE),
    unknown: Int32Array.from(unknown),
  };
  for (let i = 0; i < length; i += 1) {
    if (ret[i] === NEVER) continue;
    const adds = f[i] === increment;
    const answer = columns.tape.number(output[i] ?? 0);
    const place = answer - initial;
    if (!Number.isSafeInteger(answer) || place < (adds ? 1 : 0))
      return { verdict: illegalFor(entries, [i], `${nameOf(entries, i)}, and it began with ${initial}`) };
    if (place > increments)
      return {
        verdict: tooFew(entries, i, `only ${increments} increments had been invoked since it stood at ${initial}`),
      };
    places.greatest = Math.max(places.greatest, place);
    if (!adds) {
      const first = places.firstRead[place] ?? NONE;
      if (first === NONE || (ret[i] ?? 0) < (ret[first] ?? 0)) places.firstRead[place] = i;
      places.lastRead[place] = i;
      continue;
    }
    const other = places.increment[place] ?? NONE;
    if (other !== NONE)
      return {
        verdict: illegalFor(
          entries,
          [other, i],
          `${nameOf(entries, other)} and ${nameOf(entries, i)} answer the same sum`,
        ),
      };
    places.increment[place] = i;
  }
  return places;
}

function judge(entries: Entries, { greatest, increment, firstRead, lastRead, unknown }: Places): SpecialVerdict {
  const { call, ret } = entries;
  /** The entry that completed first among those that stand later. */
  let soonest = NONE;
  /** For each gap, from the last to the first, what completed first after it. */
  const gaps = new Int32Array(greatest);
  let count = 0;
  const conflict = (earlier: number): SpecialVerdict =>
    illegalFor(
      entries,
      [soonest, earlier],
      `${nameOf(entries, soonest)} completed (event ${ret[soonest]}) before ${nameOf(entries, earlier)} was invoked (event ${call[earlier]})`,
    );
  const early = (entry: number): boolean => soonest !== NONE && (ret[soonest] ?? 0) < (call[entry] ?? 0);
  const note = (entry: number): void => {
    if (soonest === NONE || (ret[entry] ?? 0) < (ret[soonest] ?? 0)) soonest = entry;
  };
  for (let place = greatest; place >= 0; place -= 1) {
    const last = lastRead[place] ?? NONE;
    if (last !== NONE) {
      if (early(last)) return conflict(last);
      note(firstRead[place] ?? NONE);
    }
    if (place === 0) break;
    const own = increment[place] ?? NONE;
    if (own === NONE) {
      gaps[count] = soonest;
      count += 1;
      continue;
    }
    if (early(own)) return conflict(own);
    note(own);
  }
  for (let k = 0; k < count; k += 1) {
    const after = gaps[count - 1 - k] ?? NONE;
    const filler = unknown[k];
    if (filler !== undefined && (call[filler] ?? 0) < (ret[after] ?? 0)) continue;
    return tooFew(
      entries,
      after,
      `${k + 1} of the sums before it were answered to nobody, and by its completion only ${k} increments of unknown outcome had been invoked`,
    );
  }
  return LEGAL;
}

/** An answer that there were not enough increments for. */
function tooFew(entries: Entries, entry: number, why: string): SpecialVerdict {
  const { columns, length, call, ret, f } = entries;
  const increment = columns.names.indexOf("increment");
  const proof = [entry];
  for (let i = 0; i < length && (call[i] ?? 0) < (ret[entry] ?? 0); i += 1) if (f[i] === increment) proof.push(i);
  return illegalFor(entries, proof, `${nameOf(entries, entry)}: ${why}`);
}
