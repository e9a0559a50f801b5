/**
 * A release that frees somebody else's lock: what a plain `DEL` does when it arrives after its own lock has expired
 * (https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/).
 *
 * The reasoning is forced where the lock service itself is exclusive. C gets a lock while B's cannot have expired and
 * B, by its own library's word, still has it and has not begun to release it: then somebody else freed B's lock.
 * The culprit sent a release that did not report “not ours”, that ran at some time between B's asking and C's grant,
 * and that was late: it ended after its own lock can have expired, or was sent after the next client had got the lock.
 * A release is late, too, when such a one can have freed its own lock before, and so on: B's own release, sent before
 * it could know that it had been robbed, frees C's lock in turn. Where the two acquires overlap, B and C may have got
 * the lock in either order.
 *
 * Each release frees one lock at most, so every lock that was lost needs a late release of its own. Where there is
 * none, or where the nemesis can have made a server lose a lock, nobody can be blamed: `unknown`. O(n log n), times the
 * number of holds that overlap at once.
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { HistoryEvent } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { flagIn } from "../../history/vocabulary/read.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { mostPairs } from "../kit/interval-matching.ts";
import { validitySaid } from "./parts/belief.ts";
import type { Grant, Hold } from "./parts/grants.ts";
import { byKey, grantsOf, holdsOf } from "./parts/grants.ts";
import { eventsOfHarm, firstLateWrite, toldOf } from "./parts/harm.ts";
import type { Earliest } from "./parts/earliest.ts";
import { earliestGrants } from "./parts/earliest.ts";
import { aliveUntil, endOf, goneBy, mayBeGoneFrom } from "./parts/lifetime.ts";
import { firstLoss } from "./parts/loss.ts";
import type { FindSuspect, Suspect } from "./parts/suspects.ts";
import { cascadesOf, involvedIn, lateByThemselves, latestOf } from "./parts/suspects.ts";
import type { Span } from "../kit/phases.ts";
import { counted, moment } from "../kit/words.ts";

const OPTIONS = z.strictObject({
  minLate: z
    .int()
    .min(1)
    .default(1)
    .describe("Fewer releases than this that came after their own lock's validity, and the test was too small"),
});

/** A lock that was granted while another was in force: one of the two had been lost before. */
interface Overlap {
  readonly held: Grant;
  readonly next: Grant;
}

/** Why `robbed` lost its lock before `next` got it. */
interface Robbery {
  readonly robbed: Grant;
  readonly next: Grant;
  readonly suspect: Suspect;
}

/** What became of the locks of one key. */
interface Explanation {
  readonly robberies: readonly Robbery[];
  /** Locks that were lost without a late release that can have freed them. */
  readonly unexplained: number;
  /** All releases that were late, or may have been. */
  readonly suspects: readonly Suspect[];
  readonly earliest: ReadonlyMap<Grant, Earliest>;
}

/**
 * Counts the locks that a release of another client freed, once each, however many clients got the same lock before its
 * holder let go.
 */
export const lockRelease = checkerOf({
  name: "lock-release",
  options: OPTIONS,
  exercise: always("succeeded", ["acquire"]),
  lock: () => ({ level: "release" }),
  check,
});

function check(history: History, { minLate }: z.output<typeof OPTIONS>): CheckResult {
  const grants = grantsOf(history);
  const faults = faultsOf(history);
  const lossPossibleFrom = firstLoss(history, faults);
  const late = grants.filter(
    (grant) => grant.release !== undefined && goneBy(grant) < Infinity && endOf(grant.release) >= goneBy(grant),
  ).length;
  const explained: Explanation[] = [];
  let undecided = 0;
  for (const ofKey of byKey(grants).values()) {
    const earliest = earliestGrants(ofKey, cascadesOf(lateByThemselves(ofKey), ofKey));
    const overlaps = overlapsOf(ofKey.flatMap((grant) => firstHold(grant, earliest.get(grant))));
    const decided = overlaps.filter(({ next }) => next.ok.time <= lossPossibleFrom);
    undecided += new Set(overlaps.map(({ next }) => next)).size - new Set(decided.map(({ next }) => next)).size;
    if (decided.length > 0) explained.push(explain(decided, ofKey, earliest));
  }
  const unexplained = explained.reduce((sum, each) => sum + each.unexplained, 0);
  /** By the grant whose lock was freed: the first grant that came of it. */
  const victims = new Map(
    explained.flatMap((explanation) =>
      explanation.robberies.toReversed().map((robbery) => [robbery.robbed, { robbery, explanation }] as const),
    ),
  );
  const blamed = unexplained > 0 ? [] : [...victims.values()];
  return conclude({
    history,
    findings: clearest(
      blamed,
      (a, b) => a.robbery.next.ok.index - b.robbery.next.ok.index,
      ({ robbery, explanation }) => describe(robbery, explanation, faults),
    ),
    count: blamed.length,
    broken: `${counted(blamed.length, "lock was", "locks were")} freed by a release of a client that did not hold ${blamed.length === 1 ? "it" : "them"} any more.`,
    unknown:
      unexplained > 0
        ? `${counted(unexplained, "lock was", "locks were")} lost in force, and no late release explains it: locks are lost in another way, or by a release that was told as done before the server had done it, so none can be blamed.`
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
}

/** Finds a late release for every lock that was lost. */
function explain(
  overlaps: readonly Overlap[],
  grants: readonly Grant[],
  earliest: ReadonlyMap<Grant, Earliest>,
): Explanation {
  const late = lateByThemselves(grants, (grant) => earliest.get(grant)?.time);
  const suspects = cascadesOf(late, grants);
  const lost = certainlyLost(overlaps);
  // The simplest reasons first: releases that were late by themselves.
  const byThose = mostPairs(lost, late);
  const pairs = byThose.size === lost.length ? byThose : mostPairs(lost, suspects);
  const own = new Map([...pairs].map(([{ grant }, suspect]) => [grant, suspect]));
  const find = [latestOf(late), latestOf(suspects)];
  const robberies = overlaps.flatMap((overlap) => robberyIn(overlap, own, find) ?? []);
  const doubtful = overlaps.filter((overlap) => !isCertain(overlap) && robberyIn(overlap, own, find) === undefined);
  return { robberies, unexplained: lost.length - pairs.size + doubtful.length, suspects, earliest };
}

/**
 * The other cannot have been granted before, and lost to the one that is held: the holder's acquire was over when it
 * was asked for.
 */
function isCertain({ held, next }: Overlap): boolean {
  return next.asked > held.ok.time;
}

/**
 * Locks that were lost, and in which time each was. Where the acquires of two overlap, nobody knows
 * which one it is: these are left out.
 */
function certainlyLost(overlaps: readonly Overlap[]): (Span & { readonly grant: Grant })[] {
  const lost = new Map<Grant, Span & { readonly grant: Grant }>();
  for (const overlap of overlaps) {
    const { held, next } = overlap;
    if (isCertain(overlap) && !lost.has(held)) lost.set(held, { grant: held, ...lossOf(held, next) });
  }
  return [...lost.values()];
}

/** The time in which `robbed` lost its lock, before `next` got it. */
function lossOf(robbed: Grant, next: Grant): Span {
  return { from: robbed.asked, to: next.ok.time };
}

/**
 * The release that is put down for the lock's loss, or else the latest one of the first kind that has any. Neither that
 * of `held` nor that of `next` is ever among them: both still have their locks when `next` gets its own, so they send
 * their releases later.
 */
function robberyIn(
  overlap: Overlap,
  own: ReadonlyMap<Grant, Suspect>,
  find: readonly FindSuspect[],
): Robbery | undefined {
  const { held, next } = overlap;
  const straight = lossOf(held, next);
  const known = own.get(held);
  if (known !== undefined && canHaveFreed(known, straight)) return { robbed: held, next, suspect: known };
  // Its answer may have been slow: then it was `next` that had the lock first and lost it to the other.
  const swapped = isCertain(overlap) ? undefined : lossOf(next, held);
  for (const latest of find) {
    const suspect = latest(straight.from, straight.to);
    if (suspect !== undefined) return { robbed: held, next, suspect };
    const other = swapped === undefined ? undefined : latest(swapped.from, swapped.to);
    if (other !== undefined) return { robbed: next, next: held, suspect: other };
  }
  return undefined;
}

function canHaveFreed(suspect: Span, loss: Span): boolean {
  return suspect.from <= loss.to && suspect.to >= loss.from;
}

/**
 * Not those from an extension that came too late: a library that checks no owner gets it whatever became of
 * the lock, and nobody freed anything.
 */
function firstHold(grant: Grant, earliest: Earliest | undefined): Hold[] {
  return holdsOf(grant, "belief")
    .slice(0, 1)
    .map((hold) => ({ ...hold, to: Math.max(hold.from, Math.min(hold.to, aliveUntil(grant, earliest?.time))) }));
}

/** Every grant that was given while an earlier hold was in force, with each of those. */
function overlapsOf(holds: readonly Hold[]): Overlap[] {
  const overlaps: Overlap[] = [];
  let live: Hold[] = [];
  for (const hold of holds) {
    live = live.filter(({ to }) => to > hold.from);
    if (hold.to > hold.from) overlaps.push(...live.map(({ grant }) => ({ held: grant, next: hold.grant })));
    live.push(hold);
  }
  return overlaps;
}

function describe(robbery: Robbery, explanation: Explanation, faults: ReadonlyMap<string, FaultRecord>): Finding {
  const { robbed, next, suspect } = robbery;
  const { grant, release } = suspect;
  const harm = firstLateWrite(robbed, next);
  const freed = release.completion !== undefined && flagIn(release.completion, "freed") === true;
  const reached =
    suspect.to === Infinity
      ? "and got no answer"
      : freed
        ? `and was told at ${moment(suspect.to)} that it had freed the lock`
        : `and had its answer at ${moment(suspect.to)}`;
  // Where nobody knows which of the two got the lock first, it may as well have been the other's.
  const isKnown = isCertain(robbed.ok.index < next.ok.index ? { held: robbed, next } : { held: next, next: robbed });
  const canHaveFreedNext = (each: Suspect): boolean => !isKnown && canHaveFreed(each, lossOf(next, robbed));
  const rivals = explanation.suspects.filter(
    (each) => each !== suspect && (canHaveFreed(each, lossOf(robbed, next)) || canHaveFreedNext(each)),
  ).length;
  const culprit =
    rivals === 0
      ? "it"
      : `it, or ${counted(rivals, "other release")} that ${rivals === 1 ? "was" : "were"} late as well,`;
  const own = (each: Grant): string => `at ${moment(each.ok.time)} (${validitySaid(each, each.ok.time)})`;
  const freedLock = explanation.suspects.some(canHaveFreedNext)
    ? `freed one of two locks that nobody had let go: ${robbed.who} got it ${own(robbed)}, and ${next.who} got the same lock ${own(next)}`
    : `freed the lock that ${robbed.who} had got ${own(robbed)} and not let go, and ${next.who} got the same lock ${own(next)}`;
  return {
    kind: "freed-another",
    sentence:
      `${grant.who} sent its release of ${grant.key} at ${moment(release.invoke.time)} ${reached}, but ${lateness(suspect, explanation)}: ` +
      `${culprit} ${freedLock}${toldOf(harm)}${alongside(faults, grant.ok.time, next.ok.time, [grant.who])}.`,
    events: evidence([...proofOf(robbery, explanation), ...eventsOfHarm(harm)]),
  };
}

/** Why a release was late. */
function lateness({ grant, to, successor, cause }: Suspect, { earliest }: Explanation): string {
  if (cause !== undefined)
    return `its own may have been freed by then, by a release that ${cause.grant.who} had sent at ${moment(cause.release.invoke.time)} and that was late itself`;
  if (successor !== undefined) return `its own had already gone to ${successor.who} by ${moment(successor.ok.time)}`;
  const gone = goneBy(grant);
  return gone < Infinity && to >= gone
    ? `its own had been valid only until ${moment(gone)}`
    : `its own may have expired from ${moment(mayBeGoneFrom(grant, earliest.get(grant)?.time))} on`;
}

/** The grants of a robbery, and all that their own overlaps need for a reason. */
function proofOf(robbery: Robbery, { robberies, earliest }: Explanation): HistoryEvent[] {
  const involved = new Set<Grant>();
  const involve = ({ robbed, next, suspect }: Robbery): void => {
    for (const grant of [robbed, next, ...involvedIn(suspect)]) involved.add(grant);
  };
  involve(robbery);
  for (let before = 0; before < involved.size;) {
    before = involved.size;
    for (const grant of involved) for (const telling of earliest.get(grant)?.from ?? []) involved.add(telling);
    for (const each of robberies) if (involved.has(each.robbed) && involved.has(each.next)) involve(each);
  }
  return [...involved].flatMap(eventsOf).filter((event) => event !== undefined);
}

function eventsOf(grant: Grant): (HistoryEvent | undefined)[] {
  const { acquire, ok, end, release, extensions, lastSaid, doubt, lost } = grant;
  return [
    lost?.invoke,
    ...extensions.flatMap((extension) => [extension.invoke, extension.completion]),
    lastSaid?.invoke,
    lastSaid?.completion,
    doubt?.invoke,
    doubt?.completion,
    acquire.invoke,
    ok,
    end,
    release?.invoke,
    release?.completion,
  ];
}
