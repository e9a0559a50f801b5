/**
 * Two candidates that lead at the same time. Spans of one clock that are never longer than in reality
 * (`parts/candidates.ts`), so two that overlap are a proof. A sweep per election: O(n log n).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { Operation } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import { always } from "../kit/exercise.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf, neverInjected } from "../kit/faults.ts";
import type { Span } from "../kit/phases.ts";
import { counted, duration, fromMs, milliseconds, moment, tooFew } from "../kit/words.ts";
import type { Candidate, Term } from "./parts/candidates.ts";
import { candidatesOf, electionSaid, termsOf, toldSpan } from "./parts/candidates.ts";
import type { Seats } from "./parts/seats.ts";
import { leadersSaid, looksWithin, seatsOf } from "./parts/seats.ts";

const OPTIONS = z.strictObject({
  level: z
    .enum(["told", "asked"])
    .describe(
      "What counts as leading: from when a candidate is told of its election until it is told of its end; or until its library last said, being asked, that it leads",
    ),
  fromFault: z.string().optional().describe("Only overlaps that began after this fault's injection"),
  longerThanMs: z.number().min(0).default(0).describe("Only overlaps that are longer, in milliseconds"),
  minTerms: z.int().min(1).default(1).describe("Fewer elections than this, and the test was too small"),
});

/** A time in which a candidate leads. */
interface Lead extends Span {
  readonly candidate: Candidate;
  readonly term: Term | undefined;
  readonly last: Operation | undefined;
}

interface Overlap extends Span {
  readonly earlier: Lead;
  readonly later: Lead;
}

/** Counts the times that a candidate began to lead while another one led. */
export const leaderOverlap = checkerOf({
  name: "leader-overlap",
  options: OPTIONS,
  exercise: always("succeeded", ["believes", "work"]),
  check,
});

function check(history: History, { level, fromFault, longerThanMs, minTerms }: z.output<typeof OPTIONS>): CheckResult {
  const faults = faultsOf(history);
  const fault = fromFault === undefined ? undefined : faults.get(fromFault);
  const since = fromFault === undefined ? -Infinity : (fault?.from ?? Infinity);
  const candidates = candidatesOf(history);
  const terms = termsOf(candidates);
  const leads = candidates.flatMap((candidate) => leadsOf(candidate, level));
  const overlaps = [...Map.groupBy(leads, ({ candidate }) => candidate.key).values()]
    .flatMap(overlapping)
    .filter(({ from, to }) => from > since && to - from > fromMs(longerThanMs));
  const seats = overlaps.length === 0 ? undefined : seatsOf(history);
  const longest = overlaps.reduce((most, { from, to }) => Math.max(most, to - from), 0);
  const meanwhile = level === "told" ? "had not been told of its end" : "was still told by its library that it led";
  const considered = terms.filter(({ from }) => from > since).length;
  return conclude({
    history,
    findings: clearest(
      overlaps,
      (a, b) => b.to - b.from - (a.to - a.from),
      (overlap) => describe(overlap, level, seats, faults),
    ),
    count: overlaps.length,
    broken: `${counted(overlaps.length, "time", "times")} a candidate led while another one ${meanwhile}, for up to ${duration(longest)}.`,
    vacuous:
      (fromFault === undefined ? undefined : neverInjected(fault, fromFault)) ??
      (considered === 0 && fromFault !== undefined
        ? `Nobody was elected after the fault “${fromFault}”.`
        : undefined) ??
      tooFew(terms.length, minTerms, "candidate was told of an election", "times a candidate was told of an election"),
    holds: `${counted(terms.length, "time")} a candidate was told of its election, and never while another one ${meanwhile}.`,
    figures: {
      elections: terms.length,
      ...(fromFault === undefined ? {} : { "elections after the fault": considered }),
      overlaps: overlaps.length,
      "longest overlap ms": milliseconds(longest),
    },
  });
}

function leadsOf(candidate: Candidate, level: "told" | "asked"): Lead[] {
  if (level === "asked") return candidate.beliefs.filter(({ from, to }) => to > from);
  return candidate.terms.map((term) => ({ ...toldSpan(term), candidate, term, last: undefined }));
}

/** Leads that began while one of another candidate lasted, each with the one of these that lasted longest. */
function overlapping(leads: readonly Lead[]): Overlap[] {
  const overlaps: Overlap[] = [];
  /** The one that lasts longest, and the one of another candidate that does. */
  let longest: Lead | undefined;
  let other: Lead | undefined;
  for (const later of leads.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const earlier = longest?.candidate === later.candidate ? other : longest;
    const to = Math.min(earlier?.to ?? -Infinity, later.to);
    if (earlier !== undefined && to > later.from) overlaps.push({ earlier, later, from: later.from, to });
    if (longest === undefined || later.to > longest.to) {
      if (longest?.candidate !== later.candidate) other = longest;
      longest = later;
    } else if (longest.candidate !== later.candidate && later.to > (other?.to ?? -Infinity)) other = later;
  }
  return overlaps;
}

function describe(
  { earlier, later, from, to }: Overlap,
  level: "told" | "asked",
  seats: Seats | undefined,
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const { key } = later.candidate;
  const looks = seats === undefined ? [] : looksWithin(seats, { from, to });
  const names = [earlier.candidate.who, later.candidate.who];
  const known = seats !== undefined && names.every((name) => seats.knows(key, name));
  const servers = known ? leadersSaid(seats, key, looks) : undefined;
  const both = level === "told" ? "both had been told to lead" : "were both told by their own libraries that they led";
  return {
    kind: "two-leaders",
    sentence:
      `${names.join(" and ")} ${both} ${key} for ${duration(to - from)}: ${began(earlier)}${until(earlier, level)}, and ${began(later)}${until(later, level)}` +
      `${servers === undefined ? "" : `; meanwhile ${servers}`}${alongside(faults, earlier.from, to, names)}.`,
    events: evidence([
      ...[earlier, later].flatMap(({ term, last }) =>
        [term?.elected, term?.end, last].flatMap((operation) => [operation?.invoke, operation?.completion]),
      ),
      ...[looks[0], looks.at(-1)].flatMap((look) => [look?.observe.invoke, look?.observe.completion]),
    ]),
  };
}

function began({ candidate, term, from }: Lead): string {
  if (term !== undefined) return electionSaid(term, moment);
  return `${candidate.who}, which had not been told of an election, was told so from ${moment(from)} on`;
}

function until({ to, term }: Lead, level: "told" | "asked"): string {
  if (level === "asked") return `, and still when it asked at ${moment(to)}`;
  return term?.end === undefined ? ", and of no end" : `, and of the end at ${moment(to)}`;
}
