/**
 * The elements that pass through a queue, each with its enqueue and its dequeue, for `queue-pairs.ts` and
 * `empty-dequeues.ts`. It needs that every element that was dequeued was enqueued once, counting operations with
 * unknown outcomes.
 */
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import type { Json } from "../../../history/operation.ts";
import { nameOf } from "../words/operation-words.ts";
import type { SpecialVerdict } from "./special-case.ts";
import { ValueIndex } from "./value-index.ts";
import { fromNowhere, illegalFor, inapplicable } from "./verdicts.ts";

export const NONE = -1;

/**
 * By the invocations of the enqueues, those that were there at the beginning first. What was neither dequeued nor
 * certainly enqueued is not in it.
 */
export interface QueueItems {
  readonly count: number;
  /** Entries, or `NONE`: of an element that was there at the beginning, or that nobody is known to have dequeued. */
  readonly enqueue: Int32Array;
  readonly dequeue: Int32Array;
  /** Events; negative ones for the beginning, `NEVER` for what is not known to have happened. */
  readonly enqueueCall: Int32Array;
  readonly enqueueRet: Int32Array;
  readonly dequeueCall: Int32Array;
  readonly dequeueRet: Int32Array;
  /** Entries of the dequeues that found nothing. */
  readonly empties: Int32Array;
  /** Entries of the dequeues with unknown outcomes. */
  readonly crashed: Int32Array;
}

export type ItemsOrVerdict =
  { readonly items: QueueItems; readonly verdict?: undefined } | { readonly verdict: SpecialVerdict };

export function queueItems(entries: Entries, init: Json | undefined): ItemsOrVerdict {
  const { columns, length, call, ret, f, input, output } = entries;
  const { tape } = columns;
  const enqueue = columns.names.indexOf("enqueue");
  const values = new ValueIndex(tape);
  const initial = (init ?? []) as readonly Json[];
  const initialValues = Int32Array.from(initial, (each) => values.numberOf(each));
  const value = new Int32Array(length).fill(NONE);
  const empties = new Int32Array(length);
  const crashed = new Int32Array(length);
  let emptyCount = 0;
  let crashedCount = 0;
  for (let i = 0; i < length; i += 1) {
    if (f[i] === enqueue) value[i] = values.numberAt(input[i] ?? 0);
    else if (ret[i] === NEVER) crashed[crashedCount++] = i;
    else if (tape.isNull(output[i] ?? 0)) empties[emptyCount++] = i;
    else value[i] = values.numberAt(output[i] ?? 0);
  }
  const dequeueOf = new Int32Array(values.count).fill(NONE);
  const twice = new Int32Array(values.count).fill(NONE);
  const dequeuedUntil = new Int32Array(values.count).fill(-1);
  for (let i = 0; i < length; i += 1) {
    const element = value[i] ?? NONE;
    if (element === NONE || f[i] === enqueue) continue;
    if (dequeueOf[element] === NONE) dequeueOf[element] = i;
    else twice[element] = i;
    dequeuedUntil[element] = Math.max(dequeuedUntil[element] ?? -1, ret[i] ?? 0);
  }
  const most = initial.length + length;
  const items = {
    count: 0,
    enqueue: new Int32Array(most),
    dequeue: new Int32Array(most),
    enqueueCall: new Int32Array(most),
    enqueueRet: new Int32Array(most),
    dequeueCall: new Int32Array(most),
    dequeueRet: new Int32Array(most),
    empties: empties.subarray(0, emptyCount),
    crashed: crashed.subarray(0, crashedCount),
  };
  /** For each element that was dequeued, the item with its enqueue. */
  const itemOf = new Int32Array(values.count).fill(NONE);
  const add = (element: number, entry: number, from: number, to: number): SpecialVerdict | undefined => {
    const taken = from < (dequeuedUntil[element] ?? -1) ? (dequeueOf[element] ?? NONE) : NONE;
    if (taken !== NONE && itemOf[element] !== NONE)
      return inapplicable(`an element that ${nameOf(entries, taken)} answers was enqueued several times`);
    const item = items.count;
    if (taken !== NONE) itemOf[element] = item;
    items.enqueue[item] = entry;
    items.dequeue[item] = taken;
    items.enqueueCall[item] = from;
    items.enqueueRet[item] = to;
    items.dequeueCall[item] = taken === NONE ? NEVER : (call[taken] ?? 0);
    items.dequeueRet[item] = taken === NONE ? NEVER : (ret[taken] ?? 0);
    items.count += 1;
    return undefined;
  };
  for (let k = 0; k < initial.length; k += 1) {
    const from = 2 * (k - initial.length);
    const verdict = add(initialValues[k] ?? 0, NONE, from, from + 1);
    if (verdict !== undefined) return { verdict };
  }
  for (let i = 0; i < length; i += 1) {
    const element = value[i] ?? NONE;
    if (f[i] !== enqueue) continue;
    // What crashed and was not dequeued need not have happened.
    if (ret[i] === NEVER && (call[i] ?? 0) >= (dequeuedUntil[element] ?? -1)) continue;
    const verdict = add(element, i, call[i] ?? 0, ret[i] ?? 0);
    if (verdict !== undefined) return { verdict };
  }
  for (let element = 0; element < values.count; element += 1) {
    const taker = dequeueOf[element] ?? NONE;
    if (taker === NONE) continue;
    const item = itemOf[element] ?? NONE;
    if (item === NONE)
      return {
        verdict: fromNowhere(entries, taker, `${nameOf(entries, taker)}, which nobody had begun to enqueue`),
      };
    const source = items.enqueue[item] ?? NONE;
    const sources = source === NONE ? [] : [source];
    const second = twice[element] ?? NONE;
    if (second !== NONE)
      return {
        verdict: illegalFor(
          entries,
          [...sources, taker, second],
          `${nameOf(entries, taker)} and ${nameOf(entries, second)}, which was enqueued once`,
        ),
      };
    if ((items.dequeueRet[item] ?? 0) < (items.enqueueCall[item] ?? 0))
      return {
        verdict: illegalFor(
          entries,
          [...sources, taker],
          `${nameOf(entries, taker)} had completed (event ${ret[taker]}) before it was enqueued (event ${call[source]})`,
        ),
      };
  }
  return { items };
}
