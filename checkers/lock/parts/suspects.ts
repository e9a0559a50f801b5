/** Releases that may have freed a lock that was not their own any more. */
import type { Operation } from "../../../history/operation.ts";
import { flagIn } from "../../../history/vocabulary/read.ts";
import type { Grant } from "./grants.ts";
import { endOf, mayBeGoneFrom } from "./lifetime.ts";
import type { Span } from "../../kit/phases.ts";

/**
 * `from` when it can first have run after its own lock was gone: no earlier than it was sent; `to` when it was
 * certainly over: Infinity when it never ended.
 */
export interface Suspect extends Span {
  readonly grant: Grant;
  readonly release: Operation;
  /** Who got the lock after this grant, where that is what made the release late. */
  readonly successor: Grant | undefined;
  /** The late release that can have freed this grant's own lock, where that is what made the release late. */
  readonly cause: Suspect | undefined;
}

/** Finds the suspect that ended last, of those that can have run in a span of time. */
export type FindSuspect = (from: number, to: number) => Suspect | undefined;

/** All grants that make it one. */
export function involvedIn(suspect: Suspect): Grant[] {
  const involved: Grant[] = [];
  for (let link: Suspect | undefined = suspect; link !== undefined; link = link.cause) {
    involved.push(link.grant);
    if (link.successor !== undefined) involved.push(link.successor);
  }
  return involved;
}

/**
 * Those that were late by themselves: they ended after their own lock can have expired, or were sent after the next
 * client had got the lock.
 * @param grantedAfter a moment before which a lock cannot have been granted, where more is known than when it was asked
 * for
 */
export function lateByThemselves(
  grants: readonly Grant[],
  grantedAfter: (grant: Grant) => number | undefined = () => undefined,
): Suspect[] {
  return grants.flatMap((grant, i): Suspect[] => {
    const release = deletionOf(grant);
    if (release === undefined) return [];
    const { time: sent } = release.invoke;
    const to = endOf(release);
    const gone = mayBeGoneFrom(grant, grantedAfter(grant));
    const successor = gone > sent ? successorOf(grant, i, grants, sent) : undefined;
    if (successor !== undefined) return [{ grant, release, from: sent, to, successor, cause: undefined }];
    // As long as its own lock cannot be gone, it is that one which it frees.
    const from = Math.max(sent, gone);
    return gone < Infinity && to >= gone ? [{ grant, release, from, to, successor: undefined, cause: undefined }] : [];
  });
}

/** Who asked for the lock after a grant, the `i`th, and was told before a moment that it had got it. */
function successorOf({ ok }: Grant, i: number, grants: readonly Grant[], before: number): Grant | undefined {
  for (let j = i + 1; j < grants.length; j += 1) {
    const other = grants[j];
    if (other === undefined || other.ok.time >= before) return undefined;
    if (other.asked > ok.time) return other;
  }
  return undefined;
}

/** The release of a grant, unless it is known to have deleted nothing. */
function deletionOf({ release }: Grant): Operation | undefined {
  if (release === undefined || release.completion?.type === "fail") return undefined;
  if (release.completion !== undefined && flagIn(release.completion, "freed") === false) return undefined;
  return release;
}

/**
 * All releases that were late by themselves, and those whose own lock one of these can have freed before they ran, and
 * so on: a cascade goes forward in time. They are settled in the order in which they can first have run, so the first
 * that can have freed a lock is the one that leaves most time to its own release.
 */
export function cascadesOf(late: readonly Suspect[], grants: readonly Grant[]): Suspect[] {
  const settled = new Map<Grant, Suspect>();
  const byAsking = grants.toSorted((a, b) => a.asked - b.asked);
  let next = 0;
  /** The earliest last. */
  const waiting = late.toSorted((a, b) => b.from - a.from);
  for (let cause = waiting.pop(); cause !== undefined; cause = waiting.pop()) {
    if (settled.has(cause.grant)) continue;
    settled.set(cause.grant, cause);
    for (; ; next += 1) {
      const grant = byAsking[next];
      if (grant === undefined || grant.asked > cause.to) break;
      const release = settled.has(grant) ? undefined : deletionOf(grant);
      if (release === undefined) continue;
      const to = endOf(release);
      const from = Math.max(release.invoke.time, cause.from);
      if (from > to) continue;
      const place = waiting.findLastIndex((other) => other.from >= from) + 1;
      waiting.splice(place, 0, { grant, release, from, to, successor: undefined, cause });
    }
  }
  return [...settled.values()];
}

export function latestOf(unsorted: readonly Suspect[]): FindSuspect {
  const suspects = unsorted.toSorted((a, b) => a.from - b.from);
  /** For each suspect: of it and those before it, the one that ended last. */
  const latest: Suspect[] = [];
  for (const suspect of suspects) {
    const before = latest.at(-1);
    latest.push(before !== undefined && before.to >= suspect.to ? before : suspect);
  }
  return (from, to) => {
    let [low, high] = [0, suspects.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((suspects[middle]?.from ?? Infinity) <= to) low = middle + 1;
      else high = middle;
    }
    const suspect = latest[low - 1];
    return suspect !== undefined && suspect.to >= from ? suspect : undefined;
  };
}
