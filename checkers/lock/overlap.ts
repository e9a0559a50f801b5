/**
 * A lock that two clients hold at the same time.
 *
 * Holds are intervals on one clock that are never longer than in reality (see `parts/grants.ts`), so two that overlap
 * are a proof. For a mutex this is exact: if no two overlap, acquiring at each `ok` and releasing at each release's
 * invocation is a legal linearization. A sweep per key: O(n log n).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { HistoryEvent } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { clearest, conclude, notAbout } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf, neverInjected } from "../kit/faults.ts";
import { attemptsSaid, outlasted } from "./parts/attempt.ts";
import type { Said } from "./parts/belief.ts";
import { bothBelieved, librarySaid, stillBelieved, validitySaid } from "./parts/belief.ts";
import type { Grant, Hold, HoldLevel } from "./parts/grants.ts";
import { byKey, grantsOf, holdsOf } from "./parts/grants.ts";
import { eventsOfHarm, firstLateWrite, toldOf } from "./parts/harm.ts";
import { neverRefreshed } from "./parts/refresh.ts";
import type { Span } from "../kit/phases.ts";
import { counted, duration, milliseconds, moment, tooFew } from "../kit/words.ts";

const OPTIONS = z.strictObject({
  level: z.enum(["grant", "belief"]).describe("What counts as holding"),
  fromFault: z.string().optional().describe("Only overlaps whose later grant came after this fault's injection"),
  refreshed: z
    .boolean()
    .default(false)
    .describe("The claim is about what libraries do by themselves to keep a lock alive"),
  limit: z.int().min(1).default(1).describe("How many may hold a key at the same time: more than 1 for a semaphore"),
  minGrants: z.int().min(1).default(2).describe("Fewer grants than this, and the test was too small"),
});

interface Overlap {
  /** The first to end among those that were in force. */
  readonly earlier: Hold;
  /** All that were: as many as there may be. */
  readonly full: readonly Hold[];
  readonly later: Hold;
  readonly lasted: number;
}

/** Counts the grants that were given while an earlier hold of the same key lasted. */
export const lockOverlap = checkerOf({
  name: "lock-overlap",
  options: OPTIONS,
  exercise: always("succeeded", ["acquire"]),
  lock: ({ level }) =>
    level === "belief"
      ? { level: "belief", ofSemaphores: true, asksHolders: true }
      : { level: "grant", ofSemaphores: true },
  check,
});

function check(
  history: History,
  { level, fromFault, limit, minGrants, refreshed }: z.output<typeof OPTIONS>,
): CheckResult {
  const faults = faultsOf(history);
  const fault = fromFault === undefined ? undefined : faults.get(fromFault);
  const since = fromFault === undefined ? -Infinity : (fault?.from ?? Infinity);
  const grants = grantsOf(history);
  const never = refreshed ? neverRefreshed(grants) : undefined;
  if (never !== undefined) return notAbout(never, grants.length);
  const overlaps = [...byKey(grants).values()]
    .flatMap((each) =>
      overlapping(
        each.flatMap((grant) => holdsOf(grant, level)),
        limit,
      ),
    )
    .filter(({ later }) => later.from > since);
  const considered = grants.filter((grant) => grant.ok.time > since).length;
  const silence =
    level === "belief" && grants.some(({ silent }) => silent)
      ? " The library says nothing of a lock between its grant and its release, so until then it was taken to vouch for it."
      : "";
  const longest = overlaps.reduce((most, { lasted }) => Math.max(most, lasted), 0);
  const inAll = lengthOf(overlaps);
  const [others, their] =
    limit === 1 ? ["another client", "another client's"] : [`${limit} other clients`, `${limit} other clients'`];
  const believers = overlaps.length > 0 ? overlaps.flatMap(({ full }) => full.map(({ grant }) => grant)) : grants;
  const meanwhile = level === "grant" ? `${others} still held the same one` : stillBelieved(believers, others, their);
  const total = overlaps.length > 1 ? `, and ${duration(inAll)} in all` : "";
  const grantsByKey = byKey(grants);
  return conclude({
    history,
    findings: clearest(
      overlaps,
      (a, b) => a.later.grant.ok.index - b.later.grant.ok.index,
      (overlap) => describe(overlap, level, grantsByKey.get(overlap.later.grant.key) ?? [], faults),
    ),
    count: overlaps.length,
    broken: `${counted(overlaps.length, "lock was", "locks were")} granted while ${meanwhile}, for up to ${duration(longest)}${total}.${silence}`,
    vacuous:
      (fromFault === undefined ? undefined : neverInjected(fault, fromFault)) ??
      (considered === 0 && fromFault !== undefined ? `Nobody got a lock after the fault “${fromFault}”.` : undefined) ??
      tooFew(grants.length, minGrants, "lock was granted", "locks were granted"),
    holds: `${counted(considered, "lock was", "locks were")} granted, and never while ${meanwhile}.${silence}`,
    figures: {
      grants: grants.length,
      ...(fromFault === undefined ? {} : { "grants after the fault": considered }),
      overlaps: overlaps.length,
      ...(silence === "" ? {} : { "grants whose library says nothing": grants.filter(({ silent }) => silent).length }),
      "longest overlap ms": milliseconds(longest),
      "overlap in all ms": milliseconds(inAll),
    },
  });
}

/**
 * Holds that began while as many earlier ones lasted as there may be, each with the one of these that ended first. Only
 * the `limit` holds that last longest can matter to those that come later.
 */
function overlapping(holds: readonly Hold[], limit: number): Overlap[] {
  const overlaps: Overlap[] = [];
  let longest: Hold[] = [];
  for (const hold of holds.toSorted((a, b) => a.from - b.from || a.grant.ok.index - b.grant.ok.index)) {
    const full = longest.length < limit ? undefined : longest.at(-1);
    if (full !== undefined) {
      const lasted = Math.min(full.to, hold.to) - hold.from;
      if (lasted > 0) overlaps.push({ earlier: full, full: longest, later: hold, lasted });
    }
    longest = [...longest, hold].sort((a, b) => b.to - a.to).slice(0, limit);
  }
  return overlaps;
}

/** How long there were too many holders of some key, each moment counted once for each key. */
function lengthOf(overlaps: readonly Overlap[]): number {
  const spans = Map.groupBy(overlaps, ({ later }) => later.grant.key);
  return [...spans.values()].reduce(
    (sum, each) => sum + unionOf(each.map(({ later: { from }, lasted }) => ({ from, to: from + lasted }))),
    0,
  );
}

function unionOf(spans: readonly Span[]): number {
  let [covered, until] = [0, -Infinity];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    covered += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return covered;
}

function describe(
  { earlier, full, later, lasted }: Overlap,
  level: HoldLevel,
  grants: readonly Grant[],
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const a = earlier.grant;
  const b = later.grant;
  const together = level === "grant" ? `${a.who} and ${b.who} both held` : bothBelieved(a, b);
  const rest = full.length === 1 ? "" : `, as did ${counted(full.length - 1, "other")}`;
  const story =
    `${together} ${a.key} for ${duration(lasted)}${rest}: ${a.who} ${began(earlier)} (${validitySaid(a, earlier.from)}) ` +
    `and had not let go when ${b.who} ${began(later)} (${validitySaid(b, later.from)})`;
  const said = belief(a, later.from);
  const late = firstLateWrite(a, b);
  const events = [
    ...[...full, later].flatMap(({ grant }) => [
      grant.acquire.invoke,
      grant.ok,
      grant.end,
      grant.release?.completion,
      ...prolonging(grant, later.from),
      // The write that is told of may be the one in which the library takes back what this extension had confirmed.
      ...prolonging(grant, grant.doubt?.invoke.time ?? later.from),
      grant.lastSaid?.invoke,
      grant.lastSaid?.completion,
      level === "belief" ? grant.lost?.invoke : undefined,
    ]),
    ...(said?.events ?? []),
    ...eventsOfHarm(late),
  ];
  const harm = toldOf(late, { told: said?.write, isOver: (grant) => outlasted(grant, grants) });
  return {
    kind: "overlap",
    sentence: `${story}${attemptsSaid([a, b], grants)}${said?.words ?? ""}${harm}${alongside(faults, a.ok.time, later.from, [a.who, b.who])}.`,
    events: evidence(events),
  };
}

/** How a hold came about: by its grant, or by an extension after the end of the validity before. */
function began({ grant, from }: Hold): string {
  return from === grant.ok.time ? `got it at ${moment(from)}` : `extended it, after its end, at ${moment(from)}`;
}

/** The last extension before `until`: it is what a belief that outlived its grant's validity rests on. */
function prolonging({ extensions }: Grant, until: number): HistoryEvent[] {
  const last = extensions.findLast(({ completion }) => completion?.type === "ok" && completion.time <= until);
  return last?.completion === undefined ? [] : [last.invoke, last.completion];
}

/**
 * What the first holder's library said when it acted after the second got the lock; undefined where it said nothing, or
 * nothing was written.
 */
function belief(grant: Grant, since: number): (Said & { readonly write: HistoryEvent }) | undefined {
  const write = grant.accesses.find(({ invoke }) => invoke.f === "write" && invoke.time >= since);
  const said = write === undefined ? undefined : librarySaid(write.invoke, grant);
  if (write === undefined || said === undefined) return undefined;
  return {
    words: `; when ${grant.who} wrote at ${moment(write.invoke.time)}, ${said.words}`,
    events: write.completion === undefined ? said.events : [...said.events, write.completion],
    write: write.invoke,
  };
}
