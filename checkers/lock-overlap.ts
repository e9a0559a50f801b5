/**
 * A lock that two clients hold at the same time.
 *
 * Holds are intervals on one clock that are never longer than in reality (see `lock-grants.ts`), so two that overlap are a proof. For a mutex
 * this is exact: if no two overlap, acquiring at each `ok` and releasing at each release's invocation is a legal linearization.
 * A sweep per key: O(n log n).
 */
import { z } from "zod";
import type { HistoryEvent } from "../history/operation.ts";
import type { Checker, Finding } from "./checker.ts";
import { clearest, conclude } from "./conclude.ts";
import { evidence } from "./evidence.ts";
import type { FaultRecord } from "./faults.ts";
import { alongside, faultsOf, neverInjected } from "./faults.ts";
import { librarySaid } from "./lock-belief.ts";
import type { Grant, Hold, HoldLevel } from "./lock-grants.ts";
import { byKey, grantsOf, holdsOf } from "./lock-grants.ts";
import { readOptions } from "./options.ts";
import { counted, duration, milliseconds, moment, tooFew } from "./words.ts";

const OPTIONS = z.strictObject({
  /** What counts as holding. */
  level: z.enum(["grant", "belief"]),
  /** Only overlaps whose later grant came after this fault's injection. */
  fromFault: z.string().optional(),
  /** Fewer grants than this, and the test was too small. */
  minGrants: z.int().min(1).default(2),
});

interface Overlap {
  readonly earlier: Hold;
  readonly later: Hold;
  readonly lasted: number;
}

/** Counts the grants that were given while an earlier hold of the same key lasted. */
export const lockOverlap: Checker = (history, options) => {
  const { level, fromFault, minGrants } = readOptions("lock-overlap", OPTIONS, options);
  const faults = faultsOf(history);
  const fault = fromFault === undefined ? undefined : faults.get(fromFault);
  const since = fromFault === undefined ? -Infinity : (fault?.from ?? Infinity);
  const grants = grantsOf(history);
  const overlaps = [...byKey(grants).values()]
    .flatMap((each) => overlapping(each.flatMap((grant) => holdsOf(grant, level))))
    .filter(({ later }) => later.from > since);
  const considered = grants.filter((grant) => grant.ok.time > since).length;
  const silence =
    level === "belief" && grants.some(({ silent }) => silent)
      ? " The library says nothing of a lock between its grant and its release, so until then it was taken to vouch for it."
      : "";
  const longest = overlaps.reduce((most, { lasted }) => Math.max(most, lasted), 0);
  const meanwhile =
    level === "grant"
      ? "another client still held the same one"
      : "another client's own library still vouched for the same one";
  return conclude({
    findings: clearest(
      overlaps,
      (a, b) => a.later.grant.ok.index - b.later.grant.ok.index,
      (overlap) => describe(overlap, level, faults),
    ),
    count: overlaps.length,
    broken: `${counted(overlaps.length, "lock was", "locks were")} granted while ${meanwhile}, for up to ${duration(longest)}.${silence}`,
    vacuous:
      (fromFault === undefined ? undefined : neverInjected(fault, fromFault)) ??
      (considered === 0 && fromFault !== undefined ? `Nobody got a lock after the fault “${fromFault}”.` : undefined) ??
      tooFew(grants.length, minGrants, "lock was granted", "locks were granted"),
    holds: `${counted(considered, "lock was", "locks were")} granted, and never while ${meanwhile}.${silence}`,
    figures: {
      grants: grants.length,
      ...(fromFault === undefined ? {} : { "grants after the fault": considered }),
      overlaps: overlaps.length,
      ...(silence === ""
        ? {}
        : { "grants of which the library says nothing": grants.filter(({ silent }) => silent).length }),
      "longest overlap ms": milliseconds(longest),
    },
  });
};

/** Holds that began while an earlier one lasted, each with the one that lasted longest. */
function overlapping(holds: readonly Hold[]): Overlap[] {
  const overlaps: Overlap[] = [];
  let longest: Hold | undefined;
  for (const hold of holds.toSorted((a, b) => a.from - b.from || a.grant.ok.index - b.grant.ok.index)) {
    if (longest !== undefined) {
      const lasted = Math.min(longest.to, hold.to) - hold.from;
      if (lasted > 0) overlaps.push({ earlier: longest, later: hold, lasted });
    }
    if (longest === undefined || hold.to > longest.to) longest = hold;
  }
  return overlaps;
}

function describe(
  { earlier, later, lasted }: Overlap,
  level: HoldLevel,
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const a = earlier.grant;
  const b = later.grant;
  const together = level === "grant" ? "both held" : "were both told by their own libraries that they held";
  const story =
    `${a.who} and ${b.who} ${together} ${a.key} for ${duration(lasted)}: ${a.who} got it at ${moment(a.ok.time)} (${validity(earlier)}) ` +
    `and had not let go when ${b.who} got it at ${moment(b.ok.time)} (${validity(later)})`;
  const quoted = writeAfter(a, b.ok.time);
  const events = [
    a.acquire.invoke,
    a.ok,
    b.acquire.invoke,
    b.ok,
    a.end,
    b.end,
    ...(quoted === undefined ? [] : [quoted]),
  ];
  return {
    kind: "overlap",
    sentence: `${story}${belief(a, b.ok.time)}${alongside(faults, a.ok.time, b.ok.time, [a.who, b.who])}.`,
    events: evidence(events),
  };
}

function validity({ grant, from }: Hold): string {
  const until = grant.validities.findLast((validity) => validity.from <= from)?.to ?? Infinity;
  return until === Infinity ? "for how long, it did not say" : `valid, it said, until ${moment(until)}`;
}

/** What the first holder's library said when it acted after the second got the lock. */
function belief(grant: Grant, since: number): string {
  const write = writeAfter(grant, since);
  const said = write === undefined ? undefined : librarySaid(write);
  return write === undefined || said === undefined ? "" : `; when ${grant.who} wrote at ${moment(write.time)}, ${said}`;
}

function writeAfter(grant: Grant, since: number): HistoryEvent | undefined {
  return grant.accesses.find(({ invoke }) => invoke.f === "write" && invoke.time >= since)?.invoke;
}
