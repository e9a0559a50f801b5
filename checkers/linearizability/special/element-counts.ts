/**
 * Queues that give out any element. Where no dequeue found nothing, only the counts of each element matter: by the
 * completion of any of its dequeues, as many must have been begun to be enqueued. A dequeue of unknown outcome is left
 * out, since it would only take something away. Dequeues that found nothing are judged where every element was enqueued
 * once.
 */
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import type { Json } from "../../../history/operation.ts";
import { nameOf } from "../words/operation-words.ts";
import { emptyDequeues } from "./empty-dequeues.ts";
import { orderOf } from "./order.ts";
import { NONE, queueItems } from "./queue-items.ts";
import type { SpecialCase, SpecialVerdict } from "./special-case.ts";
import { ValueIndex } from "./value-index.ts";
import { illegalFor, LEGAL } from "./verdicts.ts";

export const elementCounts: SpecialCase = {
  algorithm: "element counts",
  decide(entries, { init }) {
    const tooMany = overdrawn(entries, init);
    if (tooMany !== undefined) return tooMany;
    const { length, f, output, columns } = entries;
    const enqueue = columns.names.indexOf("enqueue");
    let empty = false;
    for (let i = 0; i < length && !empty; i += 1)
      empty = f[i] !== enqueue && output[i] !== NONE && columns.tape.isNull(output[i] ?? 0);
    if (!empty) return LEGAL;
    const found = queueItems(entries, init);
    if (found.verdict !== undefined) return found.verdict;
    const { items } = found;
    return emptyDequeues(entries, items, orderOf(items.enqueueRet.subarray(0, items.count)));
  },
};

/** A dequeue that completed when fewer of its element can have been enqueued than had been dequeued. */
function overdrawn(entries: Entries, init: Json | undefined): SpecialVerdict | undefined {
  const { columns, length, call, ret, f, input, output } = entries;
  const { tape } = columns;
  const enqueue = columns.names.indexOf("enqueue");
  const values = new ValueIndex(tape);
  const initial = Array.from((init ?? []) as readonly Json[], (each) => values.numberOf(each));
  const value = new Int32Array(length).fill(NONE);
  const taker = new Int32Array(length);
  let takers = 0;
  for (let i = 0; i < length; i += 1) {
    if (f[i] === enqueue) value[i] = values.numberAt(input[i] ?? 0);
    else if (ret[i] !== NEVER && !tape.isNull(output[i] ?? 0)) {
      value[i] = values.numberAt(output[i] ?? 0);
      taker[takers] = i;
      takers += 1;
    }
  }
  const left = new Int32Array(values.count);
  for (const element of initial) left[element] = (left[element] ?? 0) + 1;
  const order = orderOf(taker.subarray(0, takers).map((entry) => ret[entry] ?? 0));
  let begun = 0;
  for (const k of order) {
    const entry = taker[k] ?? 0;
    const now = ret[entry] ?? 0;
    for (; begun < length && (call[begun] ?? 0) < now; begun += 1) {
      const element = value[begun] ?? NONE;
      if (f[begun] === enqueue) left[element] = (left[element] ?? 0) + 1;
    }
    const element = value[entry] ?? 0;
    left[element] = (left[element] ?? 0) - 1;
    if ((left[element] ?? 0) >= 0) continue;
    const proof: number[] = [];
    let dequeues = 0;
    for (let i = 0; i < length; i += 1) {
      if (value[i] !== element) continue;
      if (f[i] === enqueue ? (call[i] ?? 0) >= now : (ret[i] ?? 0) > now) continue;
      proof.push(i);
      if (f[i] !== enqueue) dequeues += 1;
    }
    const sentence = `${nameOf(entries, entry)} completed (event ${now}) as number ${dequeues} that took this element, which had been enqueued at most ${dequeues - 1} times`;
    return illegalFor(entries, proof, sentence);
  }
  return undefined;
}
