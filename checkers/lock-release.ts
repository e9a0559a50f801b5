/**
 * A release that frees somebody else's lock: what a plain `DEL` does when it arrives after its own lock has expired
 * (https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/).
 *
 * The reasoning is forced where the lock service itself is exclusive. C gets a lock while B, by its own library's word, still has it, and has not
 * begun to release it: then somebody else freed B's lock. Whoever did so sent a release that did not report “not ours”, that ran at some time
 * between B's asking and C's grant, and that was late: it ended after its own lock had expired, or was sent after the next client had got the
 * lock. Where no such release explains it, neither is one late whose own lock such a release can have freed before, and so on: B's own release, sent before it could know
 * that it had been robbed, frees C's lock in turn. Where the two acquires overlap, B and C may have got the lock in either order. Where the nemesis can have made a server lose a lock, or where some overlap has no such release, nobody can be blamed: `unknown`.
 * O(n log n), times the number of holds that overlap at once.
 */
import { z } from "zod";
import type { HistoryEvent, Operation } from "../history/operation.ts";
import type { Checker, Finding } from "./checker.ts";
import { clearest, conclude } from "./conclude.ts";
import { fieldOf } from "./event-value.ts";
import { evidence } from "./evidence.ts";
import type { FaultRecord } from "./faults.ts";
import { alongside, faultsOf } from "./faults.ts";
import type { Grant, Hold } from "./lock-grants.ts";
import { byKey, disbelieved, grantsOf, holdsOf } from "./lock-grants.ts";
import { firstLoss } from "./lock-loss.ts";
import { readOptions } from "./options.ts";
import { counted, moment } from "./words.ts";

const OPTIONS = z.strictObject({
  /** Fewer releases than this that came after their own lock's validity, and the test was too small. */
  minLate: z.int().min(1).default(1),
});

/** A release that may have freed a lock that was not its own any more. */
interface Suspect {
  readonly grant: Grant;
  readonly release: Operation;
  readonly from: number;
  /** When it was certainly over: Infinity when it never ended. */
  readonly to: number;
  /** Who got the lock after this grant, where that is what made the release late. */
  readonly successor: Grant | undefined;
  /** The late release that can have freed this grant's own lock, where that is what made the release late. */
  readonly cause: Suspect | undefined;
}

/** Finds a late release that can have freed `robbed`'s lock before `next` got it. */
type FindSuspect = (robbed: Grant, next: Grant) => Suspect | undefined;

/** Why `robbed` lost its lock before `next` got it. */
interface Robbery {
  readonly robbed: Grant;
  readonly next: Grant;
  readonly suspect: Suspect;
}

/** Counts the locks that a release of another client freed, once each, however many clients got the same lock before its holder let go. */
export const lockRelease: Checker = (history, options) => {
  const { minLate } = readOptions("lock-release", OPTIONS, options);
  const grants = grantsOf(history);
  const faults = faultsOf(history);
  const lossPossibleFrom = firstLoss(history, faults);
  const late = grants.filter((grant) => grant.release !== undefined && endOf(grant.release) >= goneBy(grant)).length;
  const robberies = new Map<Grant, Robbery>();
  /** By the grant whose lock was freed: the first grant that came of it. */
  const victims = new Map<Grant, Robbery>();
  let undecided = 0;
  let unexplained = 0;
  for (const ofKey of byKey(grants).values()) {
    const late = ofKey.flatMap((grant, i) => suspectOf(grant, ofKey[i + 1]) ?? []);
    const lateByThemselves = latestOf(late);
    let inCascades: FindSuspect | undefined;
    const grantedAfter = earliestGrants(ofKey);
    const holds = ofKey.flatMap((grant) => firstHold(grant, grantedAfter.get(grant) ?? grant.asked));
    for (const [next, live] of overlapsOf(holds)) {
      let found = robberiesOf(live, next, lateByThemselves);
      if (found.length === 0) found = robberiesOf(live, next, (inCascades ??= latestOf(cascadesOf(late, ofKey))));
      const [robbery] = found;
      if (lossPossibleFrom < next.ok.time) undecided += 1;
      else if (robbery === undefined) unexplained += 1;
      else {
        robberies.set(next, robbery);
        for (const each of found) if (!victims.has(each.robbed)) victims.set(each.robbed, each);
      }
    }
  }
  const blamed = unexplained > 0 ? [] : [...victims.values()];
  return conclude({
    findings: clearest(
      blamed,
      (a, b) => a.next.ok.index - b.next.ok.index,
      (robbery) => describe(robbery, robberies, faults),
    ),
    count: blamed.length,
    broken: `${counted(blamed.length, "lock was", "locks were")} freed by a release of a client that did not hold ${blamed.length === 1 ? "it" : "them"} any more.`,
    unknown:
      unexplained > 0
        ? `${counted(unexplained, "lock was", "locks were")} granted while another was in force, and no late release explains it: locks are lost in another way, or by a release that was told as done before the server had done it, so none can be blamed.`
        : undecided > 0
          ? `${counted(undecided, "lock was", "locks were")} granted while another was in force, but the nemesis may have made a server lose it.`
          : undefined,
    vacuous:
      unexplained + undecided === 0 && late < minLate
        ? `Only ${counted(late, "release")} came after the validity of its own lock, fewer than ${minLate}: nothing could have gone wrong.`
        : undefined,
    holds: `${counted(late, "release")} came after the validity of its own lock, and none freed another client's.`,
    figures: {
      grants: grants.length,
      releases: grants.filter((grant) => grant.release !== undefined).length,
      "late releases": late,
      "freed another's": blamed.length,
    },
  });
};

/** @param suspects finds who can have freed a lock */
function robberiesOf(live: readonly Grant[], next: Grant, suspects: FindSuspect): Robbery[] {
  return live.flatMap((held): Robbery[] => {
    const suspect = suspects(held, next);
    if (suspect !== undefined) return [{ robbed: held, next, suspect }];
    // Its answer may have been slow: then it was `next` that had the lock first and lost it to the other.
    const swapped = next.acquire.invoke.time < held.ok.time ? suspects(next, held) : undefined;
    return swapped === undefined ? [] : [{ robbed: next, next: held, suspect: swapped }];
  });
}

function endOf(operation: Operation): number {
  return operation.completion?.type === "ok" || operation.completion?.type === "fail"
    ? operation.completion.time
    : Infinity;
}

/** Not those from an extension that came too late: whoever checks no owner gets it whatever became of the lock, and nobody freed anything. */
function firstHold(grant: Grant, grantedAfter: number): Hold[] {
  return holdsOf(grant, "belief")
    .slice(0, 1)
    .map((hold) => ({ ...hold, to: Math.max(hold.from, Math.min(hold.to, aliveUntil(grant, grantedAfter))) }));
}

/** Until when the server cannot have expired the lock: as long as the library says, or, where it names no end, for its time to live from the first moment in which it can have been granted. */
function aliveUntil({ validUntil, ttl }: Grant, grantedAfter: number): number {
  return validUntil < Infinity || ttl === undefined ? validUntil : grantedAfter + ttl;
}

/**
 * When the server can first have granted each lock. One that only waits asks for it long before. But where another client was granted the lock while this one's, if
 * it had been granted before, would have been alive, this one was granted later: not before the other's was released or had expired.
 * `grants` are those of one key, in the order of their `ok`.
 */
function earliestGrants(grants: readonly Grant[]): Map<Grant, number> {
  const earliest = new Map<Grant, number>();
  /** For each grant: of it and those before it, the latest of the moments in which they can first have ended. */
  const ends: number[] = [];
  for (const [i, grant] of grants.entries()) {
    const { asked, ttl, release } = grant;
    const before = ttl === undefined ? 0 : Math.min(i, countBefore(grants, asked + ttl));
    const from = Math.max(asked, ends[before - 1] ?? -Infinity);
    earliest.set(grant, from);
    const end = Math.min(release?.invoke.time ?? Infinity, ttl === undefined ? -Infinity : from + ttl);
    ends.push(Math.max(end, ends[i - 1] ?? -Infinity));
  }
  return earliest;
}

/** How many of the grants, which are in the order of their `ok`, were obtained before a moment. */
function countBefore(grants: readonly Grant[], time: number): number {
  let [low, high] = [0, grants.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((grants[middle]?.ok.time ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When the server has certainly expired the lock, or the library says so; never, as far as is known, where nothing tells. */
function goneBy({ validUntil, ttl, ok, extensions }: Grant): number {
  if (validUntil < Infinity || ttl === undefined) return validUntil;
  return Math.max(ok.time, ...extensions.map(({ completion }) => completion?.time ?? Infinity)) + ttl;
}

/** Every grant that was given while earlier holds were in force, with those holds' grants. */
function* overlapsOf(holds: readonly Hold[]): Generator<[Grant, Grant[]]> {
  let live: Hold[] = [];
  for (const hold of holds) {
    live = live.filter(({ to }) => to > hold.from);
    if (live.length > 0 && hold.to > hold.from) yield [hold.grant, live.map(({ grant }) => grant)];
    live.push(hold);
  }
}

/**
 * Finds the suspect that ended last, of those that overlap the time in which `robbed` lost its lock to `next`. Neither of the two is ever found:
 * both still have their locks when `next` gets its own, so they send their releases later.
 */
function latestOf(suspects: readonly Suspect[]): FindSuspect {
  const find = latestBetween(suspects);
  return (robbed, next) => find(robbed.acquire.invoke.time, next.ok.time);
}

/** Finds the suspect that ended last, of those that can have run in a span of time. */
function latestBetween(unsorted: readonly Suspect[]): (from: number, to: number) => Suspect | undefined {
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

/** The release of a grant, when it can have deleted something and was late by itself. */
function suspectOf(grant: Grant, successor: Grant | undefined): Suspect | undefined {
  const release = deletionOf(grant);
  if (release === undefined) return undefined;
  const to = endOf(release);
  const expired = to >= goneBy(grant);
  const robbed = successor !== undefined && successor.ok.time < release.invoke.time;
  if (!expired && !robbed) return undefined;
  const from = release.invoke.time;
  return { grant, release, from, to, successor: expired ? undefined : successor, cause: undefined };
}

/** The release of a grant, unless it is known to have deleted nothing. */
function deletionOf({ release }: Grant): Operation | undefined {
  if (release === undefined || release.completion?.type === "fail") return undefined;
  if (release.completion !== undefined && fieldOf(release.completion, "freed") === false) return undefined;
  return release;
}

/**
 * All releases that were late by themselves, and those whose own lock one of these can have freed before they ran. Each round finds those that come of the
 * round before; there are as many as the longest cascade has steps.
 */
function cascadesOf(late: readonly Suspect[], grants: readonly Grant[]): Suspect[] {
  const all = [...late];
  const found = new Set(late.map(({ grant }) => grant));
  for (let before = -1; before < all.length;) {
    before = all.length;
    const freedBetween = latestBetween(all);
    for (const grant of grants) {
      const release = found.has(grant) ? undefined : deletionOf(grant);
      if (release === undefined) continue;
      const to = endOf(release);
      const cause = freedBetween(grant.acquire.invoke.time, to);
      if (cause === undefined) continue;
      found.add(grant);
      all.push({ grant, release, from: release.invoke.time, to, successor: undefined, cause });
    }
  }
  return all;
}

function describe(
  robbery: Robbery,
  robberies: ReadonlyMap<Grant, Robbery>,
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const { robbed, next, suspect } = robbery;
  const { grant, release } = suspect;
  const freed = release.completion !== undefined && fieldOf(release.completion, "freed") === true;
  const reached =
    suspect.to === Infinity
      ? "and got no answer"
      : freed
        ? `and was told at ${moment(suspect.to)} that it had freed the lock`
        : `and had its answer at ${moment(suspect.to)}`;
  const late =
    suspect.cause !== undefined
      ? `its own had been freed by then: ${suspect.cause.grant.who} had sent a release at ${moment(suspect.cause.from)} that was late itself`
      : suspect.successor === undefined
        ? `its own had been valid only until ${moment(goneBy(grant))}`
        : `its own had already gone to ${suspect.successor.who} by ${moment(suspect.successor.ok.time)}`;
  return {
    kind: "freed-another",
    sentence:
      `${grant.who} sent its release of ${grant.key} at ${moment(release.invoke.time)} ${reached}, but ${late}. It freed the lock that ${robbed.who} had got ` +
      `at ${moment(robbed.ok.time)} and not let go: ${next.who} got the same lock at ${moment(next.ok.time)}${alongside(faults, grant.ok.time, next.ok.time, [grant.who])}.`,
    events: proofOf(robbery, robberies),
  };
}

/** The grants of a robbery, and of the robberies in which they got their own locks: without those, their overlaps would have no reason. */
function proofOf(robbery: Robbery, robberies: ReadonlyMap<Grant, Robbery>): number[] {
  const involved = new Set<Grant>();
  const waiting = [robbery];
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    const { robbed, next, suspect } = each;
    const chain: Suspect[] = [];
    for (let link: Suspect | undefined = suspect; link !== undefined; link = link.cause) chain.push(link);
    for (const grant of [robbed, next, ...chain.flatMap(({ grant: own, successor }) => [own, successor])]) {
      if (grant === undefined || involved.has(grant)) continue;
      involved.add(grant);
      const before = robberies.get(grant);
      if (before !== undefined) waiting.push(before);
    }
  }
  return evidence([...involved].flatMap((grant) => [disbelieved(grant)?.invoke, ...eventsOf(grant)]));
}

function eventsOf({ acquire, ok, end, release, extensions, lastSaid }: Grant): (HistoryEvent | undefined)[] {
  return [
    ...extensions.flatMap((extension) => [extension.invoke, extension.completion]),
    lastSaid?.invoke,
    lastSaid?.completion,
    acquire.invoke,
    ok,
    end,
    release?.invoke,
    release?.completion,
  ];
}
