/**
 * The operations of one object, laid out for the search. Those that happened are numbered by their completions
 * ("ranks"): while rank `e` is the first that has no place yet, all before it have one, and none that was invoked after
 * its completion has. So which operations have a place is said by `e` and one bit for each that is open at that moment.
 */
import type { Json } from "../../../history/operation.ts";
import { classify } from "./classes.ts";
import type { Classes } from "./classes.ts";
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import type { Model } from "../model.ts";
import { Transitions } from "./transitions.ts";
import { unknownsThatMatter } from "./unknown-operations.ts";

export const NONE = -1;
/** Unknown operations that may be placed are listed for this many ranks together. */
export const BLOCK = 64;

export interface Problem {
  readonly entries: Entries;
  readonly model: Model<unknown>;
  readonly classes: Classes;
  readonly transitions: Transitions;
  readonly initial: number;
  readonly known: Known;
  readonly unknown: Unknown;
  readonly lookahead: Lookahead | undefined;
  /** Words of a mask over the slots. */
  readonly words: number;
}

/** Operations that happened, by rank. */
interface Known {
  readonly count: number;
  readonly entry: Int32Array;
  readonly kind: Int32Array;
  readonly ret: Int32Array;
  /** A number that no other operation has that is open at the same time. */
  readonly slot: Int32Array;
  /**
   * For rank `e`: the ranks open at its completion, rising, that may change something: `writes` from `writeStart[e]` to
   * `writeStart[e + 1]`.
   */
  readonly writeStart: Int32Array;
  readonly writes: Int32Array;
  /** For each of `writes`: the place in it of the one before of the same class in the same list, or `NONE`. */
  readonly before: Int32Array;
  /** Likewise those that change nothing. */
  readonly readStart: Int32Array;
  readonly reads: Int32Array;
  /** For rank `e`: the mask of the slots whose operations are open at its completion and possible in every state. */
  readonly total: Int32Array;
}

/** Operations with unknown outcomes, by class; of each class the earliest invoked is used first. */
interface Unknown {
  readonly count: number;
  readonly kind: Int32Array;
  /** The entries of each, rising. */
  readonly entries: readonly Int32Array[];
  readonly calls: readonly Int32Array[];
  /** After the last rank at which one can still be noticed. */
  readonly expires: Int32Array;
  readonly branching: boolean;
  /** Those that are possible in every state and do not overwrite. */
  readonly totals: Int32Array;
  /** Those that are not possible in every state. */
  readonly partials: Int32Array;
  /** For each block of ranks, the classes that may be placed in some of it. */
  readonly active: readonly Int32Array[];
}

/** When a state that cannot grow into what is still to be read is a dead end. */
interface Lookahead {
  /** For each rank `e`: the next read that is invoked after its completion (a rank), or `NONE`. */
  readonly target: Int32Array;
  /**
   * For each rank of a read: the last rank whose operation may reset the object to what can grow into it. While that
   * has no place, all is open.
   */
  readonly rescue: Int32Array;
}

/** @throws TypeError when `init` is no state of the model. */
export function problemOf(entries: Entries, model: Model<unknown>, init: Json | undefined): Problem {
  const classes = classify(entries, model);
  const { kept, until } = unknownsThatMatter(entries, classes, model);
  const words = wordsFor(entries);
  const known = knownOf(entries, classes, words);
  const unknown = unknownOf(entries, classes, model, kept, until, known.ret);
  const transitions = new Transitions(model, classes.steps);
  return {
    entries,
    model,
    classes,
    transitions,
    initial: transitions.stateNumber(model.initial(init)),
    known,
    unknown,
    lookahead: lookaheadOf(entries, classes, model, known, unknown, transitions),
    words,
  };
}

function byRet({ length, ret }: Entries): Int32Array {
  const keys: number[] = [];
  for (let i = 0; i < length; i += 1) if (ret[i] !== NEVER) keys.push((ret[i] ?? 0) * length + i);
  return Int32Array.from(Float64Array.from(keys).sort(), (key) => key % length);
}

/** How many words a mask of the operations has that are open at once. */
function wordsFor({ length, call, ret }: Entries): number {
  const rets = ret.filter((each) => each !== NEVER).sort();
  let ended = 0;
  let open = 0;
  let most = 1;
  for (let i = 0; i < length; i += 1) {
    if (ret[i] === NEVER) continue;
    for (; (rets[ended] ?? NEVER) < (call[i] ?? 0); ended += 1) open -= 1;
    open += 1;
    most = Math.max(most, open);
  }
  return Math.ceil(most / 32);
}

function knownOf(entries: Entries, classes: Classes, words: number): Known {
  const { call } = entries;
  const entry = byRet(entries);
  const count = entry.length;
  const kind = entry.map((each) => classes.of[each] ?? 0);
  const ret = entry.map((each) => entries.ret[each] ?? NEVER);
  const slot = new Int32Array(count);
  const rankOf = new Int32Array(entries.length).fill(NONE);
  entry.forEach((each, rank) => (rankOf[each] = rank));
  const writeStart = new Int32Array(count + 1);
  const readStart = new Int32Array(count + 1);
  const writes = new Growing();
  const before = new Growing();
  const reads = new Growing();
  const total = new Int32Array(count * words);
  const latestOfClass = new Int32Array(classes.steps.length).fill(NONE);
  const open: number[] = [];
  const free: number[] = [];
  let slots = 0;
  let invoked = 0;
  for (let e = 0; e < count; e += 1) {
    for (; invoked < entries.length && (call[invoked] ?? 0) < (ret[e] ?? 0); invoked += 1) {
      const rank = rankOf[invoked] ?? NONE;
      if (rank === NONE) continue;
      slot[rank] = free.pop() ?? slots++;
      open.splice(placeFor(open, rank), 0, rank);
    }
    const from = writes.length;
    for (const rank of open) {
      const group = kind[rank] ?? 0;
      if (classes.isRead[group] === true) {
        reads.push(rank);
        continue;
      }
      const last = latestOfClass[group] ?? NONE;
      if (classes.isTotal[group] === true) {
        const word = e * words + ((slot[rank] ?? 0) >>> 5);
        total[word] = (total[word] ?? 0) | (1 << ((slot[rank] ?? 0) & 31));
      }
      before.push(last >= from ? last : NONE);
      latestOfClass[group] = writes.length;
      writes.push(rank);
    }
    writeStart[e + 1] = writes.length;
    readStart[e + 1] = reads.length;
    free.push(slot[e] ?? 0);
    open.shift();
  }
  return {
    count,
    entry,
    kind,
    ret,
    slot,
    writeStart,
    writes: writes.array(),
    before: before.array(),
    readStart,
    reads: reads.array(),
    total,
  };
}

/** Where `value` belongs in a rising list. */
function placeFor(list: readonly number[], value: number): number {
  let place = list.length;
  while (place > 0 && (list[place - 1] ?? 0) > value) place -= 1;
  return place;
}

class Growing {
  length = 0;
  #array = new Int32Array(1_024);

  push(value: number): void {
    if (this.length === this.#array.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.length] = value;
    this.length += 1;
  }

  array(): Int32Array {
    return this.#array.slice(0, this.length);
  }
}

function unknownOf(
  { length, call }: Entries,
  classes: Classes,
  model: Model<unknown>,
  kept: Uint8Array,
  until: Int32Array,
  ret: Int32Array,
): Unknown {
  const ofClass = new Map<number, number[]>();
  for (let i = 0; i < length; i += 1) {
    if (kept[i] === 0) continue;
    const group = classes.of[i] ?? 0;
    const list = ofClass.get(group);
    if (list === undefined) ofClass.set(group, [i]);
    else list.push(i);
  }
  const kind = Int32Array.from(ofClass.keys());
  const entries = [...ofClass.values()].map((list) => Int32Array.from(list));
  const calls = entries.map((list) => list.map((i) => call[i] ?? 0));
  const expires = kind.map((group) => firstAbove(ret, until[group] ?? NEVER));
  const ofKinds = (wanted: (group: number) => boolean): Int32Array =>
    Int32Array.from(kind.keys()).filter((k) => wanted(kind[k] ?? 0));
  const active = Array.from({ length: Math.ceil(ret.length / BLOCK) }, (): number[] => []);
  kind.forEach((_, k) => {
    const begins = firstAbove(ret, calls[k]?.[0] ?? 0);
    for (let block = Math.floor(begins / BLOCK); block * BLOCK < (expires[k] ?? 0); block += 1) active[block]?.push(k);
  });
  return {
    count: kind.length,
    kind,
    entries,
    calls,
    expires,
    branching: model.branches !== undefined,
    totals: ofKinds((group) => classes.isTotal[group] === true && classes.overwrites[group] !== true),
    partials: ofKinds((group) => classes.isTotal[group] !== true && classes.overwrites[group] !== true),
    active: active.map((list) => Int32Array.from(list)),
  };
}

/** How many values of a rising list are at most `limit`. */
function firstAbove(rising: Int32Array, limit: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Above so many pairs of a read and a reset, every reset counts as one that may lead to the read. */
const MAX_RESCUES = 4_000_000;

function lookaheadOf(
  entries: Entries,
  classes: Classes,
  { growth }: Model<unknown>,
  { count, entry, kind, ret }: Known,
  unknown: Unknown,
  transitions: Transitions,
): Lookahead | undefined {
  if (growth === undefined) return undefined;
  const calls = entry.map((each) => entries.call[each] ?? 0);
  const isReset = classes.steps.map((step) => growth.resets(step));
  const resets: { readonly group: number; readonly call: number; readonly last: number }[] = [];
  kind.forEach((group, rank) => {
    if (isReset[group] === true) resets.push({ group, call: calls[rank] ?? 0, last: rank });
  });
  unknown.kind.forEach((group, k) => {
    if (isReset[group] === true)
      resets.push({ group, call: unknown.calls[k]?.[0] ?? 0, last: (unknown.expires[k] ?? 0) - 1 });
  });
  const reads = kind.reduce((total, group) => total + (classes.isRead[group] === true ? 1 : 0), 0);
  const selective = reads * resets.length <= MAX_RESCUES;
  const afterReset = isReset.map((resetting, group) => {
    const next = resetting && classes.overwrites[group] === true ? transitions.next(0, group) : NONE;
    return next < 0 ? undefined : transitions.states[next];
  });
  const rescue = new Int32Array(count).fill(NONE);
  kind.forEach((group, rank) => {
    const step = classes.steps[group];
    if (classes.isRead[group] !== true || step === undefined) return;
    for (const { group: reset, call, last } of resets) {
      if (last <= (rescue[rank] ?? NONE) || call >= (ret[rank] ?? 0)) continue;
      const state = afterReset[reset];
      if (!selective || state === undefined || growth.canReach(state, step)) rescue[rank] = last;
    }
  });
  const byCall = entry.map((_, rank) => rank).sort((a, b) => (calls[b] ?? 0) - (calls[a] ?? 0));
  const target = new Int32Array(count).fill(NONE);
  let next = NONE;
  let called = 0;
  for (let e = count - 1; e >= 0; e -= 1) {
    for (; called < count && (calls[byCall[called] ?? 0] ?? 0) > (ret[e] ?? 0); called += 1) {
      const rank = byCall[called] ?? 0;
      if (classes.isRead[kind[rank] ?? 0] === true && (next === NONE || rank < next)) next = rank;
    }
    target[e] = next;
  }
  return { target, rescue };
}
