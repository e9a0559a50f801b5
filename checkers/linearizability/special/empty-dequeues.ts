/**
 * Dequeues that found nothing. An element is in the queue at least from the completion of its enqueue to the invocation
 * of its dequeue; a dequeue that found nothing needs a moment at which no element was.
 */
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import { nameOf } from "../words/operation-words.ts";
import { countBelow } from "./order.ts";
import { NONE } from "./queue-items.ts";
import type { QueueItems } from "./queue-items.ts";
import type { SpecialVerdict } from "./special-case.ts";
import { illegalFor, inapplicable, LEGAL } from "./verdicts.ts";

/** @param byEnqueue the items, by the completions of their enqueues. */
export function emptyDequeues(entries: Entries, items: QueueItems, byEnqueue: Int32Array): SpecialVerdict {
  const { count, enqueueRet, dequeueCall, crashed, empties } = items;
  const certain = new Int32Array(count);
  let certains = 0;
  for (let k = 0; k < count; k += 1) {
    const item = byEnqueue[k] ?? 0;
    const leaves = dequeueCall[item] ?? NEVER;
    // One that nobody is known to have dequeued may have been taken by a dequeue that crashed.
    if ((enqueueRet[item] ?? NEVER) >= leaves || (leaves === NEVER && crashed.length > 0)) continue;
    certain[certains] = item;
    certains += 1;
  }
  const present = certain.subarray(0, certains);
  /** Stretches in which something was in the queue all the time. */
  const begins = new Int32Array(certains);
  const ends = new Int32Array(certains);
  let stretches = 0;
  for (const item of present) {
    const from = enqueueRet[item] ?? 0;
    const to = dequeueCall[item] ?? NEVER;
    if (stretches > 0 && from <= (ends[stretches - 1] ?? 0)) {
      if (to > (ends[stretches - 1] ?? 0)) ends[stretches - 1] = to;
      continue;
    }
    begins[stretches] = from;
    ends[stretches] = to;
    stretches += 1;
  }
  const starts = begins.subarray(0, stretches);
  for (const empty of empties) {
    const around = countBelow(starts, entries.call[empty] ?? 0) - 1;
    if (around < 0 || (ends[around] ?? 0) < (entries.ret[empty] ?? 0)) continue;
    return neverEmpty(entries, items, present, empty);
  }
  return crashed.length === 0
    ? LEGAL
    : inapplicable("which elements were there when a dequeue found nothing depends on dequeues with unknown outcomes");
}

/** A few elements that were there one after the other during all of the dequeue. */
function neverEmpty(
  entries: Entries,
  { enqueue, dequeue, enqueueRet, dequeueCall }: QueueItems,
  present: Int32Array,
  empty: number,
): SpecialVerdict {
  const cover: number[] = [];
  let reached = entries.call[empty] ?? 0;
  const end = entries.ret[empty] ?? 0;
  for (let k = 0; reached < end;) {
    let best = NONE;
    for (; k < present.length && (enqueueRet[present[k] ?? 0] ?? 0) <= reached; k += 1) {
      const item = present[k] ?? 0;
      if (best === NONE || (dequeueCall[item] ?? 0) > (dequeueCall[best] ?? 0)) best = item;
    }
    cover.push(best);
    reached = dequeueCall[best] ?? NEVER;
  }
  const proof = cover
    .flatMap((item) => [enqueue[item] ?? NONE, dequeue[item] ?? NONE])
    .filter((entry) => entry !== NONE);
  const sentence = `${nameOf(entries, empty)} found nothing from event ${entries.call[empty]} to event ${end}, when ${cover.length === 1 ? "an element was" : `${cover.length} elements, one after the other, were`} in the queue all the time`;
  return illegalFor(entries, [...proof, empty], sentence);
}
