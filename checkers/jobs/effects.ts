/** Jobs whose side effect was made more than once. */
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { faultsOf } from "../kit/faults.ts";
import type { FinalList, RunStep } from "./runs.ts";
import { faultsDuringSteps, finalLists, startsOf, stepsOf, unlisted } from "./runs.ts";
import { identity } from "../delivery/messages.ts";
import { counted, listed, moment, tooFew } from "../kit/words.ts";

interface Effects {
  readonly channel: string;
  readonly message: string;
  /** Names of the runs that made one. */
  readonly runs: Set<string>;
  /** The final list that has one of them. */
  list?: FinalList;
}

/**
 * A side effect is there when its `effect` is `ok`, or when the last `effects` has it. Counts the jobs that have those
 * of more than one run: what a run does twice is its own affair, and not the queue's.
 */
export function jobEffects(history: History, minEffects: number): CheckResult {
  const lists = finalLists(history, "effects");
  const asked = stepsOf(history, "effect");
  const made = new Map<string, Effects>();
  const of = (channel: string, message: string): Effects => {
    const key = identity({ channel, message });
    const known = made.get(key) ?? { channel, message, runs: new Set<string>() };
    made.set(key, known);
    return known;
  };
  for (const list of lists) {
    for (const { message, run = "" } of list.entries) {
      const job = of(list.channel, message);
      job.runs.add(run);
      job.list = list;
    }
  }
  for (const { channel, message, run, operation } of asked)
    if (operation.completion?.type === "ok") of(channel, message).runs.add(run);
  const repeats = [...made.values()].filter(({ runs }) => runs.size > 1);
  const effects = [...made.values()].reduce((sum, { runs }) => sum + runs.size, 0);
  const starts = startsOf(history);
  const faults = faultsOf(history);
  return conclude({
    history,
    findings: clearest(
      repeats,
      (a, b) => b.runs.size - a.runs.size || (identity(a) < identity(b) ? -1 : 1),
      (repeat) => describe(repeat, starts, asked, faults),
    ),
    count: repeats.length,
    broken: `${counted(repeats.length, "job has", "jobs have")} more than one side effect.`,
    vacuous: tooFew(effects, minEffects, "side effect was made", "side effects were made"),
    unknown: unlisted(asked, lists, "the side effects of"),
    holds: `Each of ${counted(made.size, "job")} has one side effect.`,
    figures: { jobs: made.size, "side effects": effects, repeated: repeats.length },
  });
}

function describe(
  { channel, message, runs, list }: Effects,
  starts: readonly RunStep[],
  asked: readonly RunStep[],
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const own = (step: RunStep): boolean => step.channel === channel && step.message === message && runs.has(step.run);
  const steps = [...starts, ...asked].filter(own);
  const made = asked
    .filter(own)
    .map(({ worker, operation: { invoke, completion } }) => `${worker} at ${moment((completion ?? invoke).time)}`);
  return {
    kind: "effect-twice",
    sentence: `The job ${message} of ${channel} has ${counted(runs.size, "side effect")}, of the runs ${listed([...runs])}${made.length === 0 ? "" : ` (by ${listed(made)})`}${faultsDuringSteps(steps, faults)}.`,
    events: evidence([
      ...steps.flatMap(({ operation }) => [operation.invoke, operation.completion]),
      list?.operation.invoke,
      list?.event,
    ]),
  };
}
