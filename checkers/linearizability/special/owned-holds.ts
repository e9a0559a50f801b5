/**
 * Locks that belong to the process that acquired them, with or without fencing tokens, with or without a second acquire
 * by the owner. Always decides.
 *
 * A process holds the lock at least from the completion of its acquire to the invocation of the release that gives it
 * back, and these holds must not overlap. Where they do not, each acquire at its completion and each release at its
 * invocation is a legal order. Fencing tokens say which hold comes before which; then no later hold may begin for
 * certain before an earlier one ends.
 */
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import { ABSENT, PairTable } from "../pair-table.ts";
import { nameOf } from "../words/operation-words.ts";
import { tokenAt } from "../fencing-token.ts";
import { orderOf } from "./order.ts";
import type { SpecialCase, SpecialVerdict } from "./special-case.ts";
import { illegalFor, LEGAL } from "./verdicts.ts";

interface Powers {
  readonly reentrant: boolean;
  readonly fenced: boolean;
}

/** From the acquire to the release that gives the lock back; entries, in the order in which they were invoked. */
interface Holds {
  readonly count: number;
  readonly acquire: Int32Array;
  /** `NONE` where it is never released. */
  readonly release: Int32Array;
  readonly tokens: Float64Array;
}

type HoldsOrVerdict = { readonly holds: Holds; readonly verdict?: undefined } | { readonly verdict: SpecialVerdict };

const NONE = -1;

function ownedHolds(algorithm: string, powers: Powers): SpecialCase {
  return {
    algorithm,
    decide(entries) {
      const found = holdsOf(entries, powers);
      if (found.verdict !== undefined) return found.verdict;
      return powers.fenced ? byToken(entries, found.holds) : byTime(entries, found.holds);
    },
  };
}

export const ownerHolds = ownedHolds("hold sweep", { reentrant: false, fenced: false });
export const reentrantHolds = ownedHolds("hold sweep", { reentrant: true, fenced: false });
export const fencedHolds = ownedHolds("token order", { reentrant: false, fenced: true });
export const reentrantFencedHolds = ownedHolds("token order", { reentrant: true, fenced: true });

function holdsOf(entries: Entries, { reentrant, fenced }: Powers): HoldsOrVerdict {
  const { columns, length, call, ret, f, output } = entries;
  const acquire = columns.names.indexOf("acquire");
  const holds = {
    count: 0,
    acquire: new Int32Array(length),
    release: new Int32Array(length).fill(NONE),
    tokens: new Float64Array(fenced ? length : 0),
  };
  const processes = new PairTable();
  /** For each process by its number: its latest hold, and how often it has acquired and not released. */
  const latest: number[] = [];
  const depth: number[] = [];
  const verdict = (operations: readonly number[], sentence: string): HoldsOrVerdict => ({
    verdict: illegalFor(entries, operations, sentence),
  });
  for (let i = 0; i < length; i += 1) {
    const name = columns.process[call[i] ?? 0] ?? 0;
    let process = processes.get(0, name);
    if (process === ABSENT) {
      process = latest.push(NONE) - 1;
      depth.push(0);
      processes.set(0, name, process);
    }
    const held = depth[process] ?? 0;
    const hold = latest[process] ?? NONE;
    if (f[i] === acquire) {
      // One of unknown outcome is the last operation of its process, and would only keep others out.
      if (ret[i] === NEVER) continue;
      if (held > 0 && !reentrant) {
        const first = holds.acquire[hold] ?? 0;
        return verdict(
          [first, i],
          `${nameOf(entries, first)} and ${nameOf(entries, i)}, without a release between them`,
        );
      }
      const token = fenced ? tokenAt(columns.tape, output[i] ?? NONE) : 0;
      depth[process] = held + 1;
      if (held > 0) {
        if (!fenced || token === holds.tokens[hold]) continue;
        const first = holds.acquire[hold] ?? 0;
        return verdict(
          [first, i],
          `${nameOf(entries, first)}, and while it held the lock, ${nameOf(entries, i)} gave it another token`,
        );
      }
      latest[process] = holds.count;
      holds.acquire[holds.count] = i;
      if (fenced) holds.tokens[holds.count] = token;
      holds.count += 1;
      continue;
    }
    if (held > 0) {
      depth[process] = held - 1;
      if (held === 1) holds.release[hold] = i;
    } else if (ret[i] !== NEVER) {
      const before = hold === NONE ? [] : ownFrom(entries, holds.acquire[hold] ?? 0, i);
      return verdict([...before, i], `${nameOf(entries, i)} released what it did not hold`);
    }
  }
  return { holds };
}

/** The operations of one process from one entry to another. */
function ownFrom({ columns, call }: Entries, from: number, to: number): number[] {
  const own: number[] = [];
  const process = columns.process[call[from] ?? 0];
  for (let i = from; i < to; i += 1) if (columns.process[call[i] ?? 0] === process) own.push(i);
  return own;
}

function byTime(entries: Entries, { count, acquire, release }: Holds): SpecialVerdict {
  const { call, ret } = entries;
  const begins = acquire.subarray(0, count).map((entry) => ret[entry] ?? NEVER);
  const order = orderOf(begins);
  for (let k = 1; k < count; k += 1) {
    const before = order[k - 1] ?? 0;
    const after = order[k] ?? 0;
    const end = release[before] ?? NONE;
    if (end !== NONE && (call[end] ?? 0) < (begins[after] ?? 0)) continue;
    const holders = [acquire[before] ?? 0, acquire[after] ?? 0];
    return illegalFor(
      entries,
      holders,
      `at event ${begins[after]}, two hold the lock: ${holders.map((entry) => nameOf(entries, entry)).join(" and ")} had completed, and no release of theirs had been invoked`,
    );
  }
  return LEGAL;
}

function byToken(entries: Entries, { count, acquire, release, tokens }: Holds): SpecialVerdict {
  const { call, ret } = entries;
  const order = Array.from({ length: count }, (_, hold) => hold);
  const rising = Int32Array.from(order).sort((a, b) => (tokens[a] ?? 0) - (tokens[b] ?? 0));
  /** Among holds with greater tokens, the one that was acquired first. */
  let soonest = NONE;
  for (let k = count - 1; k >= 0; k -= 1) {
    const hold = rising[k] ?? 0;
    const begun = acquire[hold] ?? 0;
    const ended = release[hold] ?? NONE;
    const greater = rising[k + 1];
    if (greater !== undefined && tokens[greater] === tokens[hold]) {
      const other = acquire[greater] ?? 0;
      return illegalFor(
        entries,
        [begun, other, ended, release[greater] ?? NONE].filter((entry) => entry !== NONE),
        `${nameOf(entries, begun)} and ${nameOf(entries, other)} were given the same token`,
      );
    }
    if (soonest !== NONE) {
      const later = acquire[soonest] ?? 0;
      const laterEnds = release[soonest] ?? NONE;
      const completed = ret[later] ?? NEVER;
      const reversed = completed < (call[begun] ?? 0);
      if (reversed || ended === NONE || completed < (call[ended] ?? 0)) {
        const proof = reversed ? [later, laterEnds, begun, ended] : [later, begun, ended];
        return illegalFor(
          entries,
          proof.filter((entry) => entry !== NONE),
          reversed
            ? `${nameOf(entries, begun)} was invoked (event ${call[begun]}) after ${nameOf(entries, later)} had completed (event ${completed}) with a greater token`
            : `${nameOf(entries, later)} completed (event ${completed}) before ${nameOf(entries, begun)}, whose token is less, was released`,
        );
      }
    }
    if (soonest === NONE || (ret[begun] ?? 0) < (ret[acquire[soonest] ?? 0] ?? 0)) soonest = hold;
  }
  return LEGAL;
}
