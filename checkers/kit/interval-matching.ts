/** Pairs of intervals: whether everything that happened can have had a cause of its own. */
import type { Span } from "./phases.ts";

/**
 * As many pairs as there can be, of one interval of each list, that share at least a point, when no interval is in two
 * pairs: from the ones to the others.
 *
 * Among those that are left, the interval that ends first goes with the one of the other list that overlaps it and
 * ends next. A partner that ends later is kept for the others: it goes on for longer, so it serves each of them as well
 * as the sooner one would. O(n log n).
 */
export function mostPairs<One extends Span, Other extends Span>(
  ones: readonly One[],
  others: readonly Other[],
): Map<One, Other> {
  const waitingOnes = waitingRoom(ones);
  const waitingOthers = waitingRoom(others);
  const pairs = new Map<One, Other>();
  const taken = new Set<Other>();
  const endOne = (one: One): void => {
    if (pairs.has(one)) return;
    const other = waitingOthers.soonest(one.to, (each) => taken.has(each) || each.to < one.to);
    if (other === undefined) return;
    pairs.set(one, other);
    taken.add(other);
  };
  const endOther = (other: Other): void => {
    if (taken.has(other)) return;
    const one = waitingOnes.soonest(other.to, (each) => pairs.has(each) || each.to < other.to);
    if (one === undefined) return;
    pairs.set(one, other);
    taken.add(other);
  };
  const ends = [
    ...ones.map((one) => ({ at: one.to, end: () => endOne(one) })),
    ...others.map((other) => ({ at: other.to, end: () => endOther(other) })),
  ];
  for (const { end } of ends.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at))) end();
  return pairs;
}

interface WaitingRoom<Each extends Span> {
  /**
   * The first to end among those that have begun by `time`. Those that are `done` leave for good. `time` never
   * goes back.
   */
  soonest(time: number, done: (each: Each) => boolean): Each | undefined;
}

/** Intervals come in by their beginnings, and leave by their ends: a binary heap. */
function waitingRoom<Each extends Span>(spans: readonly Each[]): WaitingRoom<Each> {
  const coming = spans.toSorted((a, b) => b.from - a.from);
  const heap: Each[] = [];
  const endAt = (place: number): number => heap[place]?.to ?? Infinity;
  const swap = (a: number, b: number): void => {
    const [x, y] = [heap[a], heap[b]];
    if (x !== undefined && y !== undefined) [heap[a], heap[b]] = [y, x];
  };
  const push = (each: Each): void => {
    let place = heap.push(each) - 1;
    for (let above = (place - 1) >>> 1; place > 0 && endAt(above) > endAt(place); above = (place - 1) >>> 1) {
      swap(place, above);
      place = above;
    }
  };
  const pop = (): void => {
    swap(0, heap.length - 1);
    heap.pop();
    let place = 0;
    for (;;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const least = endAt(right) < endAt(left) ? right : left;
      if (endAt(place) <= endAt(least)) return;
      swap(place, least);
      place = least;
    }
  };
  return {
    soonest(time, done) {
      for (let next = coming.at(-1); next !== undefined && next.from <= time; next = coming.at(-1)) {
        push(next);
        coming.pop();
      }
      for (let first = heap[0]; first !== undefined; first = heap[0]) {
        if (!done(first)) return first;
        pop();
      }
      return undefined;
    },
  };
}
