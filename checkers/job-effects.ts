/** Jobs whose side effect was made more than once. */
import type { History } from "../history/history.ts";
import type { CheckResult, Finding } from "./checker.ts";
import { clearest, conclude } from "./conclude.ts";
import { evidence } from "./evidence.ts";
import type { FinalList, RunStep } from "./job-runs.ts";
import { finalLists, startsOf, stepsOf, unlisted } from "./job-runs.ts";
import { identity } from "./messages.ts";
import { counted, listed, moment, tooFew } from "./words.ts";

interface Repeat {
  readonly channel: string;
  readonly message: string;
  /** Names of the runs, one for each side effect. */
  readonly runs: readonly string[];
  readonly list: FinalList | undefined;
}

/**
 * A side effect is there when its `effect` is `ok`, or when the last `effects` has it. Counts the jobs that have more than one: two of one run, too, and of a run
 * that is on record once each time that it is in the list.
 */
export function jobEffects(history: History, minEffects: number): CheckResult {
  const lists = finalLists(history, "effects");
  const asked = stepsOf(history, "effect");
  const made = new Map<string, Repeat>();
  for (const list of lists)
    for (const { message, run } of list.entries) add(made, { channel: list.channel, message, run: run ?? "", list });
  for (const { channel, message, run, operation } of asked)
    if (operation.completion?.type === "ok" && made.get(identity({ channel, message }))?.runs.includes(run) !== true)
      add(made, { channel, message, run, list: undefined });
  const repeats = [...made.values()].filter(({ runs }) => runs.length > 1);
  const effects = [...made.values()].reduce((sum, { runs }) => sum + runs.length, 0);
  const starts = startsOf(history);
  return conclude({
    findings: clearest(
      repeats,
      (a, b) => b.runs.length - a.runs.length || (identity(a) < identity(b) ? -1 : 1),
      (repeat) => describe(repeat, starts, asked),
    ),
    count: repeats.length,
    broken: `${counted(repeats.length, "job has", "jobs have")} more than one side effect.`,
    vacuous: tooFew(effects, minEffects, "side effect was made", "side effects were made"),
    unknown: unlisted(asked, lists, "the side effects of"),
    holds: `Each of ${counted(made.size, "job")} has one side effect.`,
    figures: { jobs: made.size, "side effects": effects, repeated: repeats.length },
  });
}

function add(
  made: Map<string, Repeat>,
  { run, ...of }: { channel: string; message: string; run: string; list: FinalList | undefined },
): void {
  const known = made.get(identity(of));
  made.set(identity(of), { ...of, list: known?.list ?? of.list, runs: [...(known?.runs ?? []), run] });
}

function describe(
  { channel, message, runs, list }: Repeat,
  starts: readonly RunStep[],
  asked: readonly RunStep[],
): Finding {
  const own = (step: RunStep): boolean =>
    step.channel === channel && step.message === message && runs.includes(step.run);
  const steps = [...starts, ...asked].filter(own);
  const made = asked
    .filter(own)
    .map(({ worker, operation: { invoke, completion } }) => `${worker} at ${moment((completion ?? invoke).time)}`);
  return {
    kind: "effect-twice",
    sentence: `The job ${message} of ${channel} has ${counted(runs.length, "side effect")}, of the runs ${listed(runs)}${made.length === 0 ? "" : ` (by ${listed(made)})`}.`,
    events: evidence([
      ...steps.flatMap(({ operation }) => [operation.invoke, operation.completion]),
      list?.operation.invoke,
      list?.event,
    ]),
  };
}
