/**
 * A candidate whose library says that it leads although no server has it as leader: a rival need not have been elected
 * yet. Looked at are the times in which a library said so again and again; what counts are looks within them, at every
 * server, and none of them found the candidate in its seat. A server that does not answer may have it, so nothing is
 * decided then. O(n log n).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import { always } from "../kit/exercise.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { counted, duration, moment } from "../kit/words.ts";
import type { Belief } from "./parts/candidates.ts";
import { candidatesOf, electionSaid } from "./parts/candidates.ts";
import type { Look, Seats } from "./parts/seats.ts";
import { leadersSaid, looksWithin, seatsOf } from "./parts/seats.ts";

const OPTIONS = z.strictObject({
  minLooks: z.int().min(1).default(10).describe("Fewer looks than this while somebody led, and the test was too small"),
});

interface Unseated {
  readonly belief: Belief;
  /** In the order of their ends. */
  readonly looks: readonly Look[];
}

/** Counts the times that a candidate led and no server had it as leader. */
export const leaderSeat = checkerOf({
  name: "leader-seat",
  options: OPTIONS,
  exercise: always("succeeded", ["believes", "work"]),
  check,
});

function check(history: History, { minLooks }: z.output<typeof OPTIONS>): CheckResult {
  const seats = seatsOf(history);
  const candidates = candidatesOf(history);
  const terms = candidates.reduce((sum, each) => sum + each.terms.length, 0);
  const beliefs = candidates
    .filter(({ key, who }) => seats.knows(key, who))
    .flatMap((candidate) => candidate.beliefs.map((belief) => ({ belief, looks: looksWithin(seats, belief) })));
  const looked = beliefs.reduce((sum, { looks }) => sum + looks.length, 0);
  const unseated = beliefs.flatMap(({ belief, looks }) => withoutSeat(belief, looks, seats));
  const faults = faultsOf(history);
  const silent = candidates.every(({ key, who }) => !seats.knows(key, who));
  return conclude({
    history,
    findings: clearest(
      unseated,
      (a, b) => b.looks.length - a.looks.length,
      (each) => describe(each, seats, faults),
    ),
    count: unseated.length,
    broken: `${counted(unseated.length, "time")} a candidate was told by its own library that it led, and no server had it as leader.`,
    vacuous: silent
      ? "No candidate says where the servers have it who leads, so they could not be asked."
      : looked < minLooks
        ? `The servers were looked at only ${counted(looked, "time")} while somebody led, fewer than ${minLooks}.`
        : undefined,
    inapplicable: silent && terms > 0,
    holds: `The servers were looked at ${counted(looked, "time")} while a candidate led, and had it as leader.`,
    figures: { looks: looked, elections: terms },
  });
}

/** Runs of looks that did not find the candidate, each at every server. */
function withoutSeat(belief: Belief, looks: readonly Look[], { nodes }: Seats): Unseated[] {
  const { key, who } = belief.candidate;
  const runs: Look[][] = [[]];
  for (const look of looks)
    if (look.leaders.get(key) === who) runs.push([]);
    else runs.at(-1)?.push(look);
  return runs
    .filter((run) => run.length > 0 && new Set(run.map(({ node }) => node)).size === nodes.length)
    .map((run) => ({ belief, looks: run }));
}

function describe({ belief, looks }: Unseated, seats: Seats, faults: ReadonlyMap<string, FaultRecord>): Finding {
  const { candidate, term, last, from, to } = belief;
  const [first, end] = [looks[0], looks.at(-1)];
  const began = term === undefined ? `${candidate.who} was told that it led` : electionSaid(term, moment);
  const span = first === undefined || end === undefined ? "" : ` from ${moment(first.from)} to ${moment(end.to)}`;
  return {
    kind: "led-without-seat",
    sentence:
      `${candidate.who} led ${candidate.key} without any server having it as leader: ${began}, and still when it asked at ${moment(to)}, ` +
      `but${span} (${counted(looks.length, "look")}) ${leadersSaid(seats, candidate.key, looks)}; it had led for ${duration((first?.from ?? from) - from)} by then` +
      `${alongside(faults, from, to, [candidate.who])}.`,
    events: evidence(
      [term?.elected, last, first?.observe, end?.observe].flatMap((each) => [each?.invoke, each?.completion]),
    ),
  };
}
