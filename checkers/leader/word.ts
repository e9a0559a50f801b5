/**
 * Whether what a library tells and what it says agree: a candidate that was told of its demotion is not told, when it
 * asks, that it leads (`after-demotion`), and none is told twice of one election (`once`). O(n).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { Operation } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import { byProperty } from "../kit/exercise.ts";
import { flagIn } from "../../history/vocabulary/read.ts";
import { counted, moment } from "../kit/words.ts";
import type { Candidate, Term } from "./parts/candidates.ts";
import { candidatesOf, termsOf } from "./parts/candidates.ts";

const OPTIONS = z.strictObject({
  property: z
    .enum(["after-demotion", "once"])
    .describe("No candidate leads after it was told of its demotion; none is told twice of one election"),
});

const ELECTIONS = { f: ["elected"], end: "succeeded", until: "load" } as const;

/** Counts the demotions after which a candidate was told that it leads, or the elections that were told again. */
export const leaderWord = checkerOf({
  name: "leader-word",
  options: OPTIONS,
  exercise: byProperty({ "after-demotion": { f: ["believes"], end: "succeeded", until: "load" } }, ELECTIONS),
  check: (history, { property }) => (property === "once" ? once(history) : afterDemotion(history)),
});

/** A demotion, and what its candidate was told and did after it, before its next election. */
interface Contradiction {
  readonly candidate: Candidate;
  readonly demoted: Operation;
  readonly said: readonly Operation[];
  readonly works: readonly Operation[];
}

function afterDemotion(history: History): CheckResult {
  const candidates = candidatesOf(history);
  const demotions = candidates.reduce((sum, each) => sum + each.demotions.length, 0);
  const contradictions = candidates.flatMap(contradictionsOf);
  const works = contradictions.reduce((sum, each) => sum + each.works.length, 0);
  return conclude({
    history,
    findings: clearest(contradictions, (a, b) => b.said.length - a.said.length, describe),
    count: contradictions.length,
    broken: `After ${counted(contradictions.length, "demotion")} a candidate was told by its own library that it still led, and worked ${counted(works, "time")}.`,
    vacuous: demotions === 0 ? "No candidate was told of its demotion." : undefined,
    holds: `${counted(demotions, "time")} a candidate was told of its demotion, and no library said afterwards that it led.`,
    figures: { demotions, "work after a demotion": works },
  });
}

function contradictionsOf(candidate: Candidate): Contradiction[] {
  const { demotions, terms, answers, works } = candidate;
  let [term, answer, work] = [0, 0, 0];
  return demotions.flatMap((demoted): Contradiction[] => {
    const from = (demoted.completion ?? demoted.invoke).time;
    while ((terms[term]?.elected.invoke.time ?? Infinity) <= from) term += 1;
    const to = terms[term]?.elected.invoke.time ?? Infinity;
    const said: Operation[] = [];
    for (; answer < answers.length; answer += 1) {
      const asked = answers[answer];
      if (asked === undefined || asked.invoke.time >= to) break;
      const { completion } = asked;
      if (asked.invoke.time <= from || completion === undefined || completion.time >= to) continue;
      if (flagIn(completion, "leads") === true) said.push(asked);
    }
    const done: Operation[] = [];
    for (; work < works.length; work += 1) {
      const each = works[work];
      if (each === undefined || each.invoke.time >= to) break;
      if (each.invoke.time > from) done.push(each);
    }
    return said.length === 0 ? [] : [{ candidate, demoted, said, works: done }];
  });
}

function describe({ candidate, demoted, said, works }: Contradiction): Finding {
  const [first, last] = [said[0], said.at(-1)];
  const worked = works.length === 0 ? "" : `, and worked ${counted(works.length, "time")}`;
  return {
    kind: "leads-after-demotion",
    sentence: `${candidate.who} was told at ${moment(demoted.invoke.time)} that it led ${candidate.key} no more, and when it asked at ${moment(first?.invoke.time ?? 0)} its library said that it did (${counted(said.length, "time")}, the last at ${moment(last?.invoke.time ?? 0)})${worked}; it had not been told of another election.`,
    events: evidence([demoted, first, last, works[0]].flatMap((each) => [each?.invoke, each?.completion])),
  };
}

function once(history: History): CheckResult {
  const terms = termsOf(candidatesOf(history));
  const again = terms.filter(({ end }) => end?.f === "elected");
  return conclude({
    history,
    findings: clearest(again, (a, b) => a.from - b.from, tellTwice),
    count: again.length,
    broken: `${counted(again.length, "time")} a candidate was told of its election again, although it had not been told of the end of the one before.`,
    vacuous: terms.length === 0 ? "No candidate was told of an election." : undefined,
    holds: `${counted(terms.length, "time")} a candidate was told of its election, each time after the end of the one before.`,
    figures: { elections: terms.length },
  });
}

function tellTwice({ id, candidate, elected, end, from }: Term): Finding {
  return {
    kind: "elected-twice",
    sentence: `${candidate.who} was told of its election to lead ${candidate.key} at ${moment(from)} (term ${id}) and again at ${moment(end?.invoke.time ?? from)}, and in between neither of a demotion nor had it resigned: what it starts with an election it has started twice.`,
    events: evidence([elected, end].flatMap((each) => [each?.invoke, each?.completion])),
  };
}
