/** What each operation of a counter adds or reads, for `equal-adds.ts` and `counter-bounds.ts`. */
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import type { Json } from "../../../history/operation.ts";

export interface CounterAmounts {
  readonly initial: number;
  /** For each entry: 1 for an add of something else than nothing. */
  readonly isAdd: Uint8Array;
  /** For each entry: 1 for a read with a known answer. */
  readonly isRead: Uint8Array;
  /** For each entry: what it adds, or what it answers. */
  readonly amount: Float64Array;
}

/** @returns undefined when the amounts are not whole numbers whose sums are exact. */
export function counterAmounts(entries: Entries, init: Json | undefined): CounterAmounts | undefined {
  const { columns, length, f, ret, input, output } = entries;
  const add = columns.names.indexOf("add");
  const initial = Number(init ?? 0);
  const isAdd = new Uint8Array(length);
  const isRead = new Uint8Array(length);
  const amount = new Float64Array(length);
  let greatest = Math.abs(initial);
  let whole = Number.isInteger(initial);
  for (let i = 0; i < length; i += 1) {
    if (f[i] === add) {
      const added = columns.tape.number(input[i] ?? 0);
      amount[i] = added;
      isAdd[i] = added === 0 ? 0 : 1;
      greatest += Math.abs(added);
      whole &&= Number.isInteger(added);
    } else if (ret[i] !== NEVER) {
      isRead[i] = 1;
      amount[i] = columns.tape.number(output[i] ?? 0);
    }
  }
  return whole && greatest <= Number.MAX_SAFE_INTEGER ? { initial, isAdd, isRead, amount } : undefined;
}

/** The adds that may have come before the operation completed: what its answer is made of. */
export function addsBefore({ call, length }: Entries, { isAdd }: CounterAmounts, event: number): number[] {
  const adds: number[] = [];
  for (let i = 0; i < length && (call[i] ?? 0) < event; i += 1) if (isAdd[i] === 1) adds.push(i);
  return adds;
}
