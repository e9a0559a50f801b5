/**
 * Counters to which the same amount is always added. Adds are placed as late as can be: at their completion, or when a
 * read answers more than were placed, then those first that complete first. So the count is as low as in any legal
 * order at any moment; a read is impossible when the count was above its answer at its invocation, or when there are
 * not enough adds to reach it at its completion.
 */
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import { nameOf } from "../words/operation-words.ts";
import { addsBefore, counterAmounts } from "./counter-amounts.ts";
import type { CounterAmounts } from "./counter-amounts.ts";
import { orderOf } from "./order.ts";
import type { SpecialCase, SpecialVerdict } from "./special-case.ts";
import { illegalFor, inapplicable, LEGAL } from "./verdicts.ts";

const NONE = -1;

export const equalAdds: SpecialCase = {
  algorithm: "equal adds",
  decide(entries, { init }) {
    const amounts = counterAmounts(entries, init);
    if (amounts === undefined) return inapplicable("the amounts are not whole numbers whose sums are exact");
    const { isAdd, amount } = amounts;
    const first = isAdd.indexOf(1);
    const each = first === NONE ? 1 : (amount[first] ?? 0);
    if (amount.some((added, i) => isAdd[i] === 1 && added !== each)) return inapplicable("different amounts are added");
    const counter = { entries, amounts, each, byRet: completions(entries) };
    const failing = impossibleRead(counter, amounts.isRead);
    return failing === NONE ? LEGAL : explained(counter, failing);
  },
};

interface Counter {
  readonly entries: Entries;
  readonly amounts: CounterAmounts;
  /** What every add adds. */
  readonly each: number;
  /** Entries with known outcomes, by their completions. */
  readonly byRet: Int32Array;
}

function completions({ length, ret }: Entries): Int32Array {
  const known = new Int32Array(length);
  let count = 0;
  for (let i = 0; i < length; i += 1) if (ret[i] !== NEVER) known[count++] = i;
  const entries = known.subarray(0, count);
  return orderOf(entries.map((i) => ret[i] ?? 0)).map((k) => entries[k] ?? 0);
}

/**
 * @param reads for each entry, whether it is a read that counts.
 * @returns the entry of a read that is impossible after those before it, or `NONE`.
 */
function impossibleRead({ entries, amounts, each, byRet }: Counter, reads: Uint8Array): number {
  const { length, call, ret } = entries;
  const { initial, isAdd, amount } = amounts;
  const placed = new Uint8Array(length);
  const countAtCall = new Int32Array(length);
  const open = new EarliestFirst(ret);
  /** Adds of unknown outcome that were invoked and not placed. */
  let spare = 0;
  let count = 0;
  let begun = 0;
  for (const entry of byRet) {
    for (; begun < length && (call[begun] ?? 0) < (ret[entry] ?? 0); begun += 1) {
      countAtCall[begun] = count;
      if (isAdd[begun] === 0) continue;
      if (ret[begun] === NEVER) spare += 1;
      else open.push(begun);
    }
    if (isAdd[entry] === 1 && placed[entry] === 0) {
      placed[entry] = 1;
      count += 1;
    }
    if (reads[entry] === 0) continue;
    const answer = amount[entry] ?? 0;
    const wanted = (answer - initial) / each;
    if (!Number.isInteger(answer) || !Number.isInteger(wanted) || (countAtCall[entry] ?? 0) > wanted) return entry;
    while (count < wanted) {
      let next = open.pop();
      while (next !== NONE && placed[next] === 1) next = open.pop();
      if (next !== NONE) placed[next] = 1;
      else if (spare > 0) spare -= 1;
      else return entry;
      count += 1;
    }
  }
  return NONE;
}

/** The failing read with as few as possible of the reads before it, and all adds that these may have seen. */
function explained(counter: Counter, failing: number): SpecialVerdict {
  const { entries, amounts, byRet } = counter;
  const { ret } = entries;
  const kept = new Uint8Array(entries.length);
  kept[failing] = 1;
  let others: readonly number[] = [...byRet].filter(
    (entry) => amounts.isRead[entry] === 1 && (ret[entry] ?? 0) < (ret[failing] ?? 0),
  );
  const fails = (some: readonly number[]): boolean => {
    const reads = kept.slice();
    for (const entry of some) reads[entry] = 1;
    return impossibleRead(counter, reads) !== NONE;
  };
  if (fails([])) others = [];
  for (let size = Math.ceil(others.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = Math.floor((others.length - 1) / size) * size; from >= 0; from -= size) {
      const rest = others.toSpliced(from, size);
      if (fails(rest)) others = rest;
    }
  const proof = [...others, failing];
  const latest = proof.reduce((most, entry) => Math.max(most, ret[entry] ?? 0), 0);
  const before = others.length === 0 ? "" : ` after ${others.map((entry) => nameOf(entries, entry)).join(", ")}`;
  return illegalFor(
    entries,
    [...proof, ...addsBefore(entries, amounts, latest)],
    `${nameOf(entries, failing)} is impossible${before}: by the adds that had completed when it was invoked (event ${entries.call[failing]}) and those that were invoked by its completion (event ${ret[failing]}), the counter stood at something else`,
  );
}

/** A binary heap of entries, by their completions. */
class EarliestFirst {
  readonly #ret: Int32Array;
  #heap = new Int32Array(64);
  #size = 0;

  constructor(ret: Int32Array) {
    this.#ret = ret;
  }

  push(entry: number): void {
    if (this.#size === this.#heap.length) {
      const larger = new Int32Array(this.#size * 2);
      larger.set(this.#heap);
      this.#heap = larger;
    }
    let at = this.#size;
    this.#size += 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = this.#heap[parent] ?? 0;
      if ((this.#ret[above] ?? 0) <= (this.#ret[entry] ?? 0)) break;
      this.#heap[at] = above;
      at = parent;
    }
    this.#heap[at] = entry;
  }

  /** @returns `NONE` when it is empty. */
  pop(): number {
    if (this.#size === 0) return NONE;
    const top = this.#heap[0] ?? 0;
    this.#size -= 1;
    const last = this.#heap[this.#size] ?? 0;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#before(child + 1, child)) child += 1;
      const below = this.#heap[child] ?? 0;
      if ((this.#ret[below] ?? 0) >= (this.#ret[last] ?? 0)) break;
      this.#heap[at] = below;
      at = child;
    }
    this.#heap[at] = last;
    return top;
  }

  #before(a: number, b: number): boolean {
    return (this.#ret[this.#heap[a] ?? 0] ?? 0) < (this.#ret[this.#heap[b] ?? 0] ?? 0);
  }
}
