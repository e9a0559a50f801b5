/**
 * Bounds of what a counter can stand at when it is read: at least what had certainly been added by the invocation, less
 * what may have been taken away by the completion; at most the opposite. What lies outside is impossible; that all
 * reads lie inside proves nothing, so this finds violations and leaves the rest to others.
 */
import type { Entries } from "../entries.ts";
import { nameOf } from "../words/operation-words.ts";
import { addsBefore, counterAmounts } from "./counter-amounts.ts";
import type { CounterAmounts } from "./counter-amounts.ts";
import { orderOf } from "./order.ts";
import type { SpecialCase } from "./special-case.ts";
import { illegalFor, inapplicable } from "./verdicts.ts";

export const counterBounds: SpecialCase = {
  algorithm: "counter bounds",
  decide(entries, { init }) {
    const amounts = counterAmounts(entries, init);
    if (amounts === undefined) return inapplicable("the amounts are not whole numbers whose sums are exact");
    const { lower, upper } = boundsOf(entries, amounts);
    const { isRead, amount } = amounts;
    for (let i = 0; i < entries.length; i += 1) {
      if (isRead[i] === 0) continue;
      const answer = amount[i] ?? 0;
      if (answer >= (lower[i] ?? 0) && answer <= (upper[i] ?? 0)) continue;
      return illegalFor(
        entries,
        [i, ...addsBefore(entries, amounts, entries.ret[i] ?? 0)],
        `${nameOf(entries, i)}, when the counter stood between ${lower[i]} and ${upper[i]}`,
      );
    }
    return inapplicable("all reads lie within their bounds, which is not exact where different amounts are added");
  },
};

/** For each read, the least and the most that it may answer. */
function boundsOf(
  { length, call, ret }: Entries,
  { initial, isAdd, isRead, amount }: CounterAmounts,
): { readonly lower: Float64Array; readonly upper: Float64Array } {
  const lower = new Float64Array(length);
  const upper = new Float64Array(length);
  /** Sums of the positive and of the negative adds that were invoked, and of those that completed. */
  const invoked = { more: 0, less: 0 };
  const completed = { more: 0, less: 0 };
  const note = (sums: { more: number; less: number }, added: number): void => {
    if (added > 0) sums.more += added;
    else sums.less += added;
  };
  let begun = 0;
  const begin = (until: number): void => {
    for (; begun < length && (call[begun] ?? 0) < until; begun += 1) {
      if (isRead[begun] === 1) {
        lower[begun] = initial + completed.more;
        upper[begun] = initial + completed.less;
      }
      if (isAdd[begun] === 1) note(invoked, amount[begun] ?? 0);
    }
  };
  for (const entry of orderOf(ret)) {
    begin(ret[entry] ?? 0);
    if (isAdd[entry] === 1) note(completed, amount[entry] ?? 0);
    if (isRead[entry] === 0) continue;
    lower[entry] = (lower[entry] ?? 0) + invoked.less;
    upper[entry] = (upper[entry] ?? 0) + invoked.more;
  }
  return { lower, upper };
}
