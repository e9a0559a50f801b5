/** When a server can first have granted a lock. One that its client waits for is asked for long before. */
import type { Grant } from "./grants.ts";
import type { Suspect } from "./suspects.ts";
import { involvedIn, latestOf } from "./suspects.ts";

export interface Earliest {
  readonly time: number;
  /** The grants that tell. */
  readonly from: readonly Grant[];
}

/**
 * From when it was asked for on; but where another client was told of its lock while this one, granted before, would
 * still have been there, this one was granted later: not before the other's was released, had expired or can have been
 * freed by somebody else. That this one would have been there says nothing, either, if somebody else can have freed it:
 * `suspects` are all who can have. `grants` are those of one key, in the order of their `ok`. O(n log n).
 */
export function earliestGrants(grants: readonly Grant[], suspects: readonly Suspect[]): Map<Grant, Earliest> {
  const robberAfter = firstAfter(suspects);
  const granted = grants.map(({ ok }) => ok.time);
  const earliest = new Map<Grant, Earliest>();
  /** For each grant: of it and those before it, the one whose first possible end is the latest. */
  const ends: { readonly time: number; readonly grant: Grant }[] = [];
  for (const [i, grant] of grants.entries()) {
    const { asked, ttl, release } = grant;
    const robber = robberAfter(asked);
    const there = Math.min(ttl === undefined ? -Infinity : asked + ttl, robber.time);
    const last = ends[Math.min(i, countBelow(granted, there)) - 1];
    const isTold = last !== undefined && last.time > asked;
    const time = isTold ? last.time : asked;
    const own = robberAfter(time);
    earliest.set(grant, { time, from: [...robber.from, ...own.from, ...(isTold ? [last.grant] : [])] });
    const expiry = ttl === undefined ? -Infinity : time + ttl;
    const end = Math.min(release?.invoke.time ?? Infinity, expiry, own.time);
    const latest = ends.at(-1);
    ends.push(latest !== undefined && latest.time >= end ? latest : { time: end, grant });
  }
  return earliest;
}

/** The first moment, from a time on, in which one of the suspects can have freed a lock. */
function firstAfter(suspects: readonly Suspect[]): (time: number) => Earliest {
  const covering = latestOf(suspects);
  const inOrder = suspects.toSorted((a, b) => a.from - b.from);
  const starts = inOrder.map(({ from }) => from);
  return (time) => {
    const now = covering(time, time);
    if (now !== undefined) return { time, from: involvedIn(now) };
    const next = inOrder[countBelow(starts, time)];
    return next === undefined ? { time: Infinity, from: [] } : { time: next.from, from: involvedIn(next) };
  };
}

/** How many of the numbers, which are in order, are less than another. */
function countBelow(numbers: readonly number[], than: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? Infinity) < than) low = middle + 1;
    else high = middle;
  }
  return low;
}
