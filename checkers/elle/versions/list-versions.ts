/**
 * The order of versions of lists: every read of a key is a prefix of the longest one, which therefore is the order in
 * which its elements were appended (Kingsbury and Alvaro, "Elle", VLDB 14(3), 2020). What no other transaction can have
 * been between is kept: elements of failed transactions, and those that nobody wrote, are passed over.
 */
import { TYPE } from "../../../history/columns/columns.ts";
import { MisuseError } from "../../analysis.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NONE } from "../transactions/transactions.ts";

export interface ListVersions {
  /** For each key the read (a micro-operation) with the most elements, or `NONE` where nobody read it with `ok`. */
  readonly longest: Int32Array;
  /** The slots of key `k` are those from `starts[k]` up to `starts[k] + sizes[k]`; one more is free behind them. */
  readonly starts: Int32Array;
  /** How many elements of the longest read are in an order that all reads agree on, each for the first time. */
  readonly sizes: Int32Array;
  /** 1 where `sizes` has the whole longest read: what is not in it comes later. */
  readonly complete: Uint8Array;
  /** For each slot the append (a micro-operation) of its element, or `NONE` where nobody wrote it. */
  readonly append: Int32Array;
  /** For each slot the transaction whose append it is, or `NONE` where that failed or is unknown. */
  readonly writer: Int32Array;
  /** For each slot the last transaction that had written by then: `writer`, or that of the slot before. */
  readonly before: Int32Array;
  /**
   * For each slot, and the free one, the first slot from it on that another transaction wrote than the last one before
   * it; the free slot where there is none.
   */
  readonly overwritten: Int32Array;
  /** For each append its slot, or `NONE` where nobody read it (or not in an order that can be trusted). */
  readonly slot: Int32Array;
  /**
   * For each read how many elements it has that are in the order; they are the first ones of it. `NONE` for what is no
   * known read.
   */
  readonly seen: Int32Array;
  /** Reads that are no prefix of the longest read of their key. */
  readonly divergent: readonly number[];
  /** Reads with more elements than `seen`: those must be looked at one by one. */
  readonly strays: readonly number[];
}

/** @throws MisuseError when a read's result is no list of scalars. */
export function listVersions(transactions: Transactions): ListVersions {
  const { columns, operations, key, value, writes, writeOf, refused, outcome, transaction } = transactions;
  const { tape } = columns;
  const keys = transactions.keyWords.length;
  const longest = new Int32Array(keys).fill(NONE);
  const lengths = new Int32Array(keys);
  const seen = new Int32Array(operations).fill(NONE);
  for (let m = 0; m < operations; m += 1) {
    const at = value[m] as number;
    if (writes[m] === 1 || at === NONE) continue;
    const k = key[m] as number;
    const length = elements(m);
    seen[m] = length;
    if (longest[k] !== NONE && length <= (lengths[k] as number)) continue;
    longest[k] = m;
    lengths[k] = length;
  }

  const starts = new Int32Array(keys);
  let slots = 0;
  for (let k = 0; k < keys; k += 1) {
    starts[k] = slots;
    slots += (lengths[k] as number) + 1;
  }
  const sizes = lengths.slice();
  const append = new Int32Array(slots).fill(NONE);
  const slot = new Int32Array(operations).fill(NONE);
  for (let k = 0; k < keys; k += 1) {
    const m = longest[k] as number;
    if (m === NONE || refused[k] === 1) continue;
    const at = (value[m] as number) + 2;
    for (let i = 0; i < (lengths[k] as number); i += 1) {
      const a = writeOf.get(k, tape.words[at + i] as number);
      append[(starts[k] as number) + i] = a;
      if (a === NONE) continue;
      if (slot[a] === NONE) slot[a] = (starts[k] as number) + i;
      else sizes[k] = Math.min(sizes[k] as number, i);
    }
  }
  const divergent: number[] = [];
  // Where a read leaves the longest one, the order ends.
  for (let m = 0; m < operations; m += 1) {
    const length = seen[m] as number;
    const k = key[m] as number;
    if (length <= 0 || longest[k] === m || refused[k] === 1) continue;
    const common = commonLength(value[m] as number, value[longest[k] as number] as number, length);
    if (common === length) continue;
    sizes[k] = Math.min(sizes[k] as number, common);
    divergent.push(m);
  }

  const writer = new Int32Array(slots).fill(NONE);
  const before = new Int32Array(slots).fill(NONE);
  const overwritten = new Int32Array(slots);
  const complete = new Uint8Array(keys);
  for (let k = 0; k < keys; k += 1) {
    const [start, size] = [starts[k] as number, sizes[k] as number];
    if (longest[k] !== NONE && refused[k] === 0 && size === lengths[k]) complete[k] = 1;
    for (let i = start; i < start + size; i += 1) {
      const a = append[i] as number;
      const t = a === NONE ? NONE : (transaction[a] as number);
      if (t !== NONE && outcome[t] !== TYPE.fail) writer[i] = t;
      before[i] = writer[i] === NONE && i > start ? (before[i - 1] as number) : (writer[i] as number);
    }
    for (let i = start + size; i < start + (lengths[k] as number); i += 1) {
      const a = append[i] as number;
      if (a !== NONE && slot[a] === i) slot[a] = NONE;
    }
    overwritten[start + size] = start + size;
    for (let i = start + size - 1; i >= start; i -= 1) {
      const last = i > start ? (before[i - 1] as number) : NONE;
      overwritten[i] = writer[i] === NONE || writer[i] === last ? (overwritten[i + 1] as number) : i;
    }
  }
  const strays: number[] = [];
  for (let m = 0; m < operations; m += 1) {
    const length = seen[m] as number;
    if (length === NONE) continue;
    const k = key[m] as number;
    const size = sizes[k] as number;
    if (refused[k] === 1) seen[m] = NONE;
    else if (length > size) {
      seen[m] = size;
      strays.push(m);
    }
  }
  return { longest, starts, sizes, complete, append, writer, before, overwritten, slot, seen, divergent, strays };

  /** How many elements a read has. Null is the list before anything was appended. */
  function elements(m: number): number {
    const at = value[m] as number;
    if (tape.isNull(at)) return 0;
    const length = tape.isArray(at) ? tape.count(at) : NONE;
    // A scalar takes one word, everything else more.
    if (length === NONE || tape.next(at) !== at + 2 + length) {
      throw new MisuseError(
        `the read of ${JSON.stringify(tape.scalar(transactions.keyWords[key[m] as number] as number))} is ${JSON.stringify(tape.json(at))}; it must be a list of numbers or texts`,
        transactions.completed[transaction[m] as number],
        columns,
      );
    }
    return length;
  }

  function commonLength(a: number, b: number, length: number): number {
    const { words } = tape;
    for (let i = 2; i < length + 2; i += 1) if (words[a + i] !== words[b + i]) return i - 2;
    return length;
  }
}
