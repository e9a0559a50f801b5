/**
 * Losses that a library reports, and that are none.
 *
 * - `false-loss`: the lock was certainly there. Less than its time to live had passed since the attempt began that got
 *   it, nobody else was granted it, no release of another client can have freed it, and no fault had struck a node. A
 *   report that comes when its client has begun to release the lock is held against that moment.
 * - `early-loss`, with `usableMs`: a client that has just been granted the lock is told within this time that it is
 *   over, by a report or by the validity that the library names with the grant. This is a claim on what a grant is good
 *   for, whatever became of the lock on the servers.
 *
 * That a validity has ended which the library had named is no report of a loss. O(n log n), times the number of grants
 * in one time to live.
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { HistoryEvent, Operation } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { clearest, conclude, notAbout } from "../kit/conclude.ts";
import { flagIn, numberIn } from "../../history/vocabulary/read.ts";
import { grantIn } from "../../history/vocabulary/read-lock.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf, wasSuspended } from "../kit/faults.ts";
import type { Grant } from "./parts/grants.ts";
import { byKey, grantsOf } from "./parts/grants.ts";
import { firstLoss } from "./parts/loss.ts";
import { neverRefreshed } from "./parts/refresh.ts";
import { counted, duration, fromMs, moment, tooFew } from "../kit/words.ts";

const OPTIONS = z.strictObject({
  usableMs: z
    .number()
    .positive()
    .optional()
    .describe("For so long a lock must be its holder's, in milliseconds, once it was told that it has it"),
  refreshed: z
    .boolean()
    .default(false)
    .describe("The claim is about what libraries do by themselves to keep a lock alive"),
  minGrants: z.int().min(1).default(2).describe("Fewer grants than this, and the test was too small"),
});

interface Violation {
  readonly kind: "false-loss" | "early-loss";
  readonly grant: Grant;
  /** What the client was told, and when; undefined where the grant itself named a validity that was too short. */
  readonly report: Operation | undefined;
  readonly time: number;
}

/** Counts the grants whose loss was reported although it was none, or too early. */
export const lockFalseLoss = checkerOf({
  name: "lock-false-loss",
  options: OPTIONS,
  exercise: always("succeeded", ["acquire"]),
  lock: () => ({ level: "false loss" }),
  check,
});

function check(history: History, { usableMs, minGrants, refreshed }: z.output<typeof OPTIONS>): CheckResult {
  const faults = faultsOf(history);
  const lostFrom = firstLoss(history, faults);
  const grants = grantsOf(history);
  const never = refreshed ? neverRefreshed(grants) : undefined;
  if (never !== undefined) return notAbout(never, grants.length);
  const reports = firstReports(history);
  const violations = [...byKey(grants).values()].flatMap((ofKey) =>
    ofKey.flatMap((grant, i): Violation[] => {
      const report = reports.get(grant.id);
      if (report !== undefined && isFalse(report, grant, ofKey, i, lostFrom))
        return [{ kind: "false-loss", grant, report, time: toldAt(report).time }];
      const early = usableMs === undefined ? undefined : earlyLoss(grant, report, fromMs(usableMs), faults);
      return early === undefined ? [] : [early];
    }),
  );
  const told = grants.filter(({ id }) => reports.has(id)).length;
  return conclude({
    history,
    findings: clearest(
      violations,
      (a, b) => a.time - b.time,
      (violation) => describe(violation, faults),
    ),
    count: violations.length,
    broken: `${counted(violations.length, "holder was", "holders were")} told that the lock is lost when it was not, or as soon as they had it.`,
    vacuous: tooFew(grants.length, minGrants, "lock was granted", "locks were granted"),
    holds: `No holder was told that its lock is lost when it was not (${counted(told, "report")} of a loss, of ${counted(grants.length, "grant")}).`,
    figures: { grants: grants.length, "losses reported": told, "false reports": violations.length },
  });
}

/**
 * By grant: the first time that its library said that it is lost, other than by the end of a validity that it had
 * named.
 */
function firstReports(history: History): Map<string, Operation> {
  const reports = new Map<string, Operation>();
  for (const operation of history.operations) {
    const { f, completion } = operation;
    if (completion?.type !== "ok") continue;
    const left = numberIn(completion, "remainingMs");
    const denied = f === "belief" && flagIn(completion, "held") === false && !(left !== undefined && left <= 0);
    const grant = grantIn(completion);
    if ((f !== "lost" && !denied) || grant === undefined) continue;
    const known = reports.get(grant);
    if (known === undefined || toldAt(operation).time < toldAt(known).time) reports.set(grant, operation);
  }
  return reports;
}

function toldAt({ completion, invoke }: Operation): HistoryEvent {
  return completion ?? invoke;
}

/** `grants` are those of one key, in the order of their `ok`; `grant` is the one at `place`. */
function isFalse(report: Operation, grant: Grant, grants: readonly Grant[], place: number, lostFrom: number): boolean {
  const { asked, ttl, release } = grant;
  const time = Math.min(toldAt(report).time, release?.invoke.time ?? Infinity);
  if (ttl === undefined || time >= asked + ttl || time >= lostFrom) return false;
  const next = grants[place + 1];
  if (next !== undefined && next.ok.time <= time) return false;
  return !grants.some((other) => other !== grant && mayHaveFreed(other, asked, time));
}

/**
 * Whether a release can have freed a lock between two moments that was not its own: it says nothing to the contrary,
 * and its own may have been over by then.
 */
function mayHaveFreed({ release, asked, ttl, extensions }: Grant, from: number, to: number): boolean {
  if (release === undefined || release.invoke.time > to) return false;
  const { completion } = release;
  const over = completion?.type === "ok" || completion?.type === "fail" ? completion.time : Infinity;
  if (over < from) return false;
  if (completion?.type === "fail" || (completion !== undefined && flagIn(completion, "freed") === false)) return false;
  const prolonged = extensions.filter(({ completion: done }) => done?.type === "ok").map(({ invoke }) => invoke.time);
  return over > Math.max(asked, ...prolonged) + (ttl ?? -Infinity);
}

function earlyLoss(
  grant: Grant,
  report: Operation | undefined,
  usable: number,
  faults: ReadonlyMap<string, FaultRecord>,
): Violation | undefined {
  const { ok, release, validities } = grant;
  const named = validities[0]?.to ?? Infinity;
  const until = ok.time + usable;
  const reported = report === undefined ? Infinity : toldAt(report).time;
  const time = Math.min(named, reported);
  if (time >= until || (release?.invoke.time ?? Infinity) < Math.min(time, until)) return undefined;
  if (wasSuspended(faults, grant.who, grant.acquire.invoke.time, until)) return undefined;
  return { kind: "early-loss", grant, report: reported <= named ? report : undefined, time: Math.max(time, ok.time) };
}

function describe({ kind, grant, report, time }: Violation, faults: ReadonlyMap<string, FaultRecord>): Finding {
  const { ok, asked, ttl, release } = grant;
  const got = `${grant.who} got ${grant.key} at ${moment(ok.time)}`;
  const after = duration(time - ok.time);
  const told =
    report === undefined
      ? `and with it a validity that was over ${time > ok.time ? `${after} later` : "by then"}`
      : `and was told ${after} later that it is lost`;
  const released =
    release !== undefined && release.invoke.time <= time
      ? `, which it had begun to release at ${moment(release.invoke.time)}`
      : "";
  const why =
    kind === "early-loss"
      ? ""
      : `: it was to live for ${duration(ttl ?? 0)} from ${moment(asked)} at the earliest, and nobody else had got it or can have freed it`;
  return {
    kind,
    sentence: `${got}, ${told}${released}${why}${alongside(faults, ok.time, time, [grant.who])}.`,
    events: evidence([
      grant.acquire.invoke,
      ok,
      release?.invoke,
      release?.completion,
      report?.invoke,
      report?.completion,
    ]),
  };
}
