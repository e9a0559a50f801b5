/**
 * First-in-first-out queues whose elements were enqueued once each, in near-linear time.
 *
 * Besides elements that come from nowhere, come twice or come before they were enqueued, the only obstacles are two
 * elements that come out in the wrong order for certain, and a dequeue that found nothing while something was in the
 * queue all the time (the bad patterns of Bouajjani, Emmi, Enea and Hamza, "On reducing linearizability to state
 * reachability", 2015). A dequeue of unknown outcome may have taken any element that is missing; each element that
 * blocks others needs one that was invoked early enough, so they are matched by their times.
 */
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import { nameOf } from "../words/operation-words.ts";
import { emptyDequeues } from "./empty-dequeues.ts";
import { countBelow, orderOf } from "./order.ts";
import { NONE, queueItems } from "./queue-items.ts";
import type { QueueItems } from "./queue-items.ts";
import type { SpecialCase, SpecialVerdict } from "./special-case.ts";
import { illegalFor, LEGAL } from "./verdicts.ts";

export const queuePairs: SpecialCase = {
  algorithm: "queue pairs",
  decide(entries, { init }) {
    const found = queueItems(entries, init);
    if (found.verdict !== undefined) return found.verdict;
    const { items } = found;
    const byEnqueue = orderOf(items.enqueueRet.subarray(0, items.count));
    const pair = reversedPair(items, byEnqueue);
    if (pair !== undefined) return reversed(entries, items, pair);
    if (items.empties.length > 0) return emptyDequeues(entries, items, byEnqueue);
    return items.crashed.length > 0 ? missingTakers(entries, items) : LEGAL;
  },
};

/**
 * Two items: the first was enqueued before the second, and dequeued after it or never.
 * What nobody is known to have dequeued does not count where a dequeue of unknown outcome may have taken it.
 */
function reversedPair(items: QueueItems, byEnqueue: Int32Array): readonly [first: number, second: number] | undefined {
  const { count, enqueueCall, enqueueRet, dequeueCall, dequeueRet, crashed } = items;
  let latest = -1;
  let latestItem = NONE;
  let ended = 0;
  for (let second = 0; second < count; second += 1) {
    const begins = enqueueCall[second] ?? 0;
    for (; ended < count; ended += 1) {
      const first = byEnqueue[ended] ?? 0;
      if ((enqueueRet[first] ?? NEVER) >= begins) break;
      const leaves = dequeueCall[first] ?? NEVER;
      if (leaves <= latest || (leaves === NEVER && crashed.length > 0)) continue;
      latest = leaves;
      latestItem = first;
    }
    if ((dequeueRet[second] ?? NEVER) < latest) return [latestItem, second];
  }
  return undefined;
}

function operationsOf({ enqueue, dequeue }: QueueItems, ...some: readonly number[]): number[] {
  return some.flatMap((item) => [enqueue[item] ?? NONE, dequeue[item] ?? NONE]).filter((entry) => entry !== NONE);
}

function reversed(entries: Entries, items: QueueItems, [first, second]: readonly [number, number]): SpecialVerdict {
  const taker = nameOf(entries, items.dequeue[second] ?? 0);
  const taken = items.dequeue[first] ?? NONE;
  const source = items.enqueue[first] ?? NONE;
  const before =
    source === NONE ? "an element that was there at the beginning" : `the element of ${nameOf(entries, source)}`;
  return illegalFor(
    entries,
    operationsOf(items, first, second),
    `${taker} overtook ${before}, which had been enqueued before it and ${taken === NONE ? "was not dequeued" : `was dequeued afterwards, by ${nameOf(entries, taken)}`}`,
  );
}

/** Dequeues of unknown outcomes, one for each element that must have been taken before a later one came out. */
function missingTakers(entries: Entries, items: QueueItems): SpecialVerdict {
  const { count, enqueueCall, enqueueRet, dequeue, dequeueRet, crashed } = items;
  const calls = enqueueCall.subarray(0, count);
  /** For each item: of those that were enqueued no earlier, the one that was dequeued first. */
  const soonest = new Int32Array(count + 1).fill(NONE);
  for (let item = count - 1; item >= 0; item -= 1) {
    const later = soonest[item + 1] ?? NONE;
    const earlier = later === NONE || (dequeueRet[item] ?? NEVER) < (dequeueRet[later] ?? NEVER);
    soonest[item] = earlier && dequeue[item] !== NONE ? item : later;
  }
  const blocking = new Int32Array(count);
  const overtaker = new Int32Array(count);
  const deadline = new Int32Array(count);
  let blockings = 0;
  for (let item = 0; item < count; item += 1) {
    if (dequeue[item] !== NONE) continue;
    const later = soonest[countBelow(calls, enqueueRet[item] ?? NEVER)] ?? NONE;
    if (later === NONE) continue;
    blocking[blockings] = item;
    overtaker[blockings] = later;
    deadline[blockings] = dequeueRet[later] ?? NEVER;
    blockings += 1;
  }
  const order = orderOf(deadline.subarray(0, blockings));
  for (let k = 0; k < blockings; k += 1) {
    const last = order[k] ?? 0;
    const taker = crashed[k];
    const until = deadline[last] ?? NEVER;
    if (taker !== undefined && (entries.call[taker] ?? 0) < until) continue;
    const several = [...order.subarray(0, k + 1)];
    const takers = [...crashed].filter((entry) => (entries.call[entry] ?? 0) < until);
    const proof = [
      ...operationsOf(items, ...several.flatMap((each) => [blocking[each] ?? 0, overtaker[each] ?? 0])),
      ...takers,
    ];
    const overtaking = nameOf(entries, dequeue[overtaker[last] ?? 0] ?? 0);
    return illegalFor(
      entries,
      proof,
      `by the time of ${overtaking} (event ${until}), ${k + 1} elements that nobody answered had been overtaken, and only ${takers.length} dequeues of unknown outcome can have taken one`,
    );
  }
  return LEGAL;
}
