/**
 * Sets that only grow, and are read as a whole. In any legal order each read has all elements of those before it, so
 * the reads stand by size, and an element is added between the last read without it and the first one with it. That
 * fixes the order of all that matters: it is legal exactly when no operation completed before one was invoked that
 * stands before it. Several adds of an element count as one that lasts from the first invocation to the first
 * completion.
 */
import type { Json } from "../../../history/operation.ts";
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import { nameOf } from "../words/operation-words.ts";
import { orderOf } from "./order.ts";
import type { SpecialCase, SpecialVerdict } from "./special-case.ts";
import { ValueIndex } from "./value-index.ts";
import { fromNowhere, illegalFor, inapplicable, LEGAL } from "./verdicts.ts";

const NONE = -1;
/** Instead of an entry: what was there at the beginning. */
const BEGINNING = -2;

interface Elements {
  readonly count: number;
  /** For each element: the entry of the add that was invoked first, or `NONE`, or `BEGINNING`. */
  readonly firstAdd: Int32Array;
  /** For each element: that of the add that completed first, or `NONE`. */
  readonly doneAdd: Int32Array;
}

/** The reads with known answers, by size. */
interface Reads {
  readonly count: number;
  readonly entry: Int32Array;
  /** The elements of read `k` are `items` from `start[k]` to `start[k + 1]`. */
  readonly start: Int32Array;
  readonly items: Int32Array;
}

export const growOnlySet: SpecialCase = {
  algorithm: "read chain",
  decide(entries, { init }) {
    const { columns, length, f } = entries;
    const removes = columns.names.indexOf("remove");
    const contains = columns.names.indexOf("contains");
    for (let i = 0; i < length; i += 1) {
      if (f[i] === removes) return inapplicable("elements are removed");
      if (f[i] === contains) return inapplicable("there are both reads of all elements and looks for one");
    }
    const values = new ValueIndex(columns.tape);
    const initial = ((init ?? []) as readonly Json[]).map((each) => values.numberOf(each));
    const reads = readsOf(entries, values);
    const elements = elementsOf(entries, values, new Set(initial));
    return judge(entries, reads, elements, new Set(initial).size);
  },
};

function readsOf(entries: Entries, values: ValueIndex): Reads {
  const { columns, length, f, ret, output } = entries;
  const { tape, names } = columns;
  const read = names.indexOf("read");
  const found: number[] = [];
  for (let i = 0; i < length; i += 1) if (f[i] === read && ret[i] !== NEVER) found.push(i);
  const sizes = Int32Array.from(found, (i) => tape.count(output[i] ?? 0));
  const order = orderOf(sizes);
  const start = new Int32Array(found.length + 1);
  const items = new Int32Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  order.forEach((read, k) => {
    let position = tape.first(output[found[read] ?? 0] ?? 0);
    for (let left = sizes[read] ?? 0; left > 0; left -= 1) {
      items[at] = values.numberAt(position);
      at += 1;
      position = tape.next(position);
    }
    start[k + 1] = at;
  });
  return { count: found.length, entry: order.map((read) => found[read] ?? 0), start, items };
}

function elementsOf(entries: Entries, values: ValueIndex, initial: ReadonlySet<number>): Elements {
  const { columns, length, f, ret, input } = entries;
  const add = columns.names.indexOf("add");
  const element = new Int32Array(length).fill(NONE);
  for (let i = 0; i < length; i += 1) if (f[i] === add) element[i] = values.numberAt(input[i] ?? 0);
  const { count } = values;
  const firstAdd = new Int32Array(count).fill(NONE);
  const doneAdd = new Int32Array(count).fill(NONE);
  for (const each of initial) firstAdd[each] = BEGINNING;
  for (let i = 0; i < length; i += 1) {
    const each = element[i] ?? NONE;
    if (each === NONE || firstAdd[each] === BEGINNING) continue;
    if (firstAdd[each] === NONE) firstAdd[each] = i;
    const done = doneAdd[each] ?? NONE;
    if (ret[i] !== NEVER && (done === NONE || (ret[i] ?? 0) < (ret[done] ?? 0))) doneAdd[each] = i;
  }
  return { count, firstAdd, doneAdd };
}

function judge(entries: Entries, reads: Reads, elements: Elements, initial: number): SpecialVerdict {
  const { call, ret } = entries;
  const { count, firstAdd, doneAdd } = elements;
  const read = entries.columns.names.indexOf("read");
  const isRead = (entry: number): boolean => entries.f[entry] === read;
  const proof = (operations: readonly number[], sentence: string): SpecialVerdict =>
    illegalFor(entries, withAdds(reads, elements, operations), sentence);
  /** For each element: the first read (by size) that has it, or `reads.count`. */
  const rank = new Int32Array(count).fill(reads.count);
  /** For each element: the latest read that was seen to have it. */
  const stamp = new Int32Array(count).fill(NONE);
  for (let k = 0; k < reads.count; k += 1) {
    const entry = reads.entry[k] ?? 0;
    const from = reads.start[k] ?? 0;
    const to = reads.start[k + 1] ?? 0;
    let shared = 0;
    let there = 0;
    for (let at = from; at < to; at += 1) {
      const each = reads.items[at] ?? 0;
      if (firstAdd[each] === NONE)
        return fromNowhere(entries, entry, `${nameOf(entries, entry)} has an element that nobody added`);
      if (firstAdd[each] === BEGINNING) there += 1;
      if (k > 0 && stamp[each] === k - 1) shared += 1;
      else if (rank[each] === reads.count) rank[each] = k;
      stamp[each] = k;
    }
    if (there < initial)
      return illegalFor(
        entries,
        [entry],
        `${nameOf(entries, entry)} is without an element that was there at the beginning`,
      );
    if (k > 0 && shared < from - (reads.start[k - 1] ?? 0)) {
      const before = reads.entry[k - 1] ?? 0;
      return proof(
        [before, entry],
        `${nameOf(entries, before)} and ${nameOf(entries, entry)}: each has an element that the other has not`,
      );
    }
  }
  // From the last to the first: `soonest` is the first completion among what stands later, and adds stand before the
  // reads that have them.
  let soonest = NONE;
  const conflict = (earlier: number, tells: readonly number[] = []): SpecialVerdict =>
    proof(
      [soonest, earlier, ...tells],
      `${nameOf(entries, soonest)} completed (event ${ret[soonest]}) before ${nameOf(entries, earlier)} was invoked (event ${call[earlier]}), and comes after it by what was read`,
    );
  const byRank = orderOf(rank);
  let left = count - 1;
  for (let k = reads.count; k >= 0;) {
    // Reads of one size are equal, and stand beside each other.
    let lowest = k;
    if (k < reads.count) while (lowest > 0 && sizeOf(reads, lowest - 1) === sizeOf(reads, k)) lowest -= 1;
    let next = soonest;
    for (let each = lowest; each <= k && each < reads.count; each += 1) {
      const entry = reads.entry[each] ?? 0;
      if (soonest !== NONE && (ret[soonest] ?? 0) < (call[entry] ?? 0)) return conflict(entry);
      if (next === NONE || (ret[entry] ?? 0) < (ret[next] ?? 0)) next = entry;
    }
    soonest = next;
    const top = left;
    for (; left >= 0 && (rank[byRank[left] ?? 0] ?? 0) >= lowest; left -= 1) {
      const begun = firstAdd[byRank[left] ?? 0] ?? NONE;
      // What nobody read need not have been added before anything.
      if (begun >= 0 && k < reads.count && soonest !== NONE && (ret[soonest] ?? 0) < (call[begun] ?? 0))
        return conflict(begun, isRead(soonest) ? [] : [reads.entry[lowest] ?? 0]);
    }
    for (let at = top; at > left; at -= 1) {
      const done = doneAdd[byRank[at] ?? 0] ?? NONE;
      if (done !== NONE && (soonest === NONE || (ret[done] ?? 0) < (ret[soonest] ?? 0))) soonest = done;
    }
    k = lowest - 1;
  }
  return LEGAL;
}

function sizeOf({ start }: Reads, k: number): number {
  return (start[k + 1] ?? 0) - (start[k] ?? 0);
}

/** With the adds of all elements that were read: without those, a read would prove nothing. */
function withAdds(reads: Reads, { firstAdd }: Elements, operations: readonly number[]): number[] {
  const wanted = new Set(operations);
  const adds: number[] = [];
  for (let k = 0; k < reads.count; k += 1) {
    if (!wanted.has(reads.entry[k] ?? NONE)) continue;
    for (let at = reads.start[k] ?? 0; at < (reads.start[k + 1] ?? 0); at += 1) {
      const add = firstAdd[reads.items[at] ?? 0] ?? NONE;
      if (add >= 0) adds.push(add);
    }
  }
  return [...operations, ...adds];
}
