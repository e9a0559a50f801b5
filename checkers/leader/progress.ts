/**
 * Nobody leads although somebody stands. For every election, and within the load: the time in which no library says
 * that its candidate leads, and at least one candidate stands that could lead (it has not resigned, and its process is
 * neither stopped, nor busy, nor killed), added up from one leader to the next. It must not exceed the bound.
 *
 * After a leader's death the election is its own until the term is over, so a sensible bound is the term, plus how
 * often candidates ask again. What follows the bound is told apart: somebody led again later, or never. O(n log n).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import { always } from "../kit/exercise.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf, neverInjected, suspensions } from "../kit/faults.ts";
import type { Span } from "../kit/phases.ts";
import { loadPhase } from "../kit/phases.ts";
import { counted, duration, fromMs, listed, milliseconds, moment, tooFew } from "../kit/words.ts";
import type { Belief, Candidate, Standing } from "./parts/candidates.ts";
import { candidatesOf, termsOf } from "./parts/candidates.ts";
import type { Seats } from "./parts/seats.ts";
import { leadersSaid, looksWithin, seatsOf } from "./parts/seats.ts";

const OPTIONS = z.strictObject({
  boundMs: z.number().positive().describe("How long nobody may lead while somebody stands, in milliseconds"),
  afterFault: z.string().optional().describe("Only the time after this fault's injection"),
  minTerms: z.int().min(1).default(1).describe("Fewer elections than this, and the test was too small"),
});

/** A candidate that stands and could lead. */
interface Able extends Span {
  readonly candidate: Candidate;
  readonly standing: Standing;
}

interface Gap extends Span {
  readonly key: string;
  /** How long within the gap somebody stood. */
  readonly length: number;
  readonly able: readonly Able[];
  readonly before: Belief | undefined;
  readonly after: Belief | undefined;
}

/** Counts the times in which nobody led for longer than the bound. */
export const leaderProgress = checkerOf({
  name: "leader-progress",
  options: OPTIONS,
  exercise: always("succeeded", ["believes", "work"]),
  check,
});

function check(history: History, { boundMs, afterFault, minTerms }: z.output<typeof OPTIONS>): CheckResult {
  const faults = faultsOf(history);
  const fault = afterFault === undefined ? undefined : faults.get(afterFault);
  const load = loadPhase(history);
  const looked: Span = {
    from: Math.max(load.from, afterFault === undefined ? load.from : (fault?.from ?? Infinity)),
    to: load.to,
  };
  const candidates = candidatesOf(history);
  const terms = termsOf(candidates);
  const gaps = [...Map.groupBy(candidates, ({ key }) => key)].flatMap(([key, each]) =>
    gapsIn(
      key,
      each.flatMap(({ beliefs }) => beliefs),
      each.flatMap((candidate) => abilities(candidate, faults, looked)),
      looked,
    ),
  );
  const tooLong = gaps.filter(({ length }) => length > fromMs(boundMs));
  const longest = gaps.reduce((most, { length }) => Math.max(most, length), 0);
  const seats = seatsOf(history);
  const elected = new Set(terms.filter(({ from }) => from > looked.from).map(({ candidate }) => candidate));
  const silent = candidates.filter((candidate) => !elected.has(candidate)).map(({ who }) => who);
  return conclude({
    history,
    findings: clearest(
      tooLong,
      (a, b) => b.length - a.length,
      (gap) => describe(gap, seats, faults),
    ),
    count: tooLong.length,
    broken: `Nobody led for ${duration(longest)} although somebody stood; the bound is ${duration(fromMs(boundMs))}.`,
    vacuous:
      (afterFault === undefined ? undefined : neverInjected(fault, afterFault)) ??
      tooFew(terms.length, minTerms, "candidate was told of an election", "times a candidate was told of an election"),
    holds: `Whenever somebody stood, somebody led again within ${duration(longest)}; the bound is ${duration(fromMs(boundMs))}.`,
    figures: {
      "longest without a leader ms": milliseconds(longest),
      elections: terms.length,
      ...(afterFault === undefined ? {} : { "not elected after the fault": silent }),
    },
  });
}

/** When a candidate stood and could have led. */
function abilities(candidate: Candidate, faults: ReadonlyMap<string, FaultRecord>, looked: Span): Able[] {
  const { who, standings } = candidate;
  const killed =
    [...faults.values()].find(({ kind, target }) => kind === "kill" && target.includes(who))?.from ?? Infinity;
  return standings.flatMap((standing, i) => {
    const next = standings[i + 1]?.stand.invoke.time ?? Infinity;
    const end = Math.min(standing.resign?.invoke.time ?? next, killed, looked.to);
    let from = standing.stand.completion?.time ?? Infinity;
    const able: Able[] = [];
    for (const stopped of suspensions(faults, who)) {
      if (stopped.to <= from || stopped.from >= end) continue;
      if (stopped.from > from) able.push({ candidate, standing, from, to: stopped.from });
      from = stopped.to;
    }
    return from < end ? [...able, { candidate, standing, from, to: end }] : able;
  });
}

function gapsIn(key: string, beliefs: readonly Belief[], able: readonly Able[], looked: Span): Gap[] {
  const stood = able.toSorted((a, b) => a.from - b.from);
  const gaps: Gap[] = [];
  let [covered, before]: [number, Belief | undefined] = [looked.from, undefined];
  const finish = (to: number, after: Belief | undefined): void => {
    if (to <= covered) return;
    const meanwhile = stood.filter((each) => each.to > covered && each.from < to);
    const length = lengthOf(meanwhile, { from: covered, to });
    if (length > 0) gaps.push({ key, from: covered, to, length, able: meanwhile, before, after });
  };
  for (const belief of beliefs.toSorted((a, b) => a.from - b.from)) {
    if (belief.from > looked.to) break;
    if (belief.from > covered) finish(belief.from, belief);
    if (before === undefined || belief.to >= before.to) before = belief;
    covered = Math.max(covered, belief.to);
  }
  finish(looked.to, undefined);
  return gaps;
}

/** How much of a span they cover; they are in the order of their beginnings. */
function lengthOf(spans: readonly Span[], within: Span): number {
  let [sum, covered] = [0, within.from];
  for (const { from, to } of spans) {
    const end = Math.min(to, within.to);
    sum += Math.max(0, end - Math.max(from, covered));
    covered = Math.max(covered, end);
  }
  return sum;
}

function describe(gap: Gap, seats: Seats, faults: ReadonlyMap<string, FaultRecord>): Finding {
  const { key, from, to, length, able, before, after } = gap;
  const names = [...new Set(able.map(({ candidate }) => candidate.who))].sort();
  const looks = looksWithin(seats, gap);
  const known = names.every((name) => seats.knows(key, name));
  const servers = known ? leadersSaid(seats, key, looks) : undefined;
  const last =
    before === undefined
      ? "nobody had led before"
      : `the last to lead was ${before.candidate.who}, which asked at ${moment(before.to)} for the last time and was told that it did`;
  const then =
    after === undefined
      ? "and nobody led again to the end of the load"
      : `until ${after.candidate.who} led at ${moment(after.from)}`;
  return {
    kind: after === undefined ? "never-again" : "no-leader",
    sentence:
      `Nobody led ${key} for ${duration(length)} in which ${listed(names)} stood, from ${moment(from)} to ${moment(to)}, ${then}: ${last}` +
      `${servers === undefined ? "" : `; meanwhile ${servers} (${counted(looks.length, "look")})`}${alongside(faults, from, to, before === undefined ? names : [before.candidate.who, ...names])}.`,
    events: evidence(
      [
        before?.term?.elected,
        before?.last,
        before?.term?.end,
        after?.term?.elected,
        after?.last,
        ...able.map(({ standing }) => standing.stand),
        looks.at(-1)?.observe,
      ].flatMap((each) => [each?.invoke, each?.completion]),
    ),
  };
}
