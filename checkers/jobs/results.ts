/** Jobs for which the queue has recorded more than one result. */
import type { History } from "../../history/history.ts";
import { outcome } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { faultsOf } from "../kit/faults.ts";
import type { FinalList, RunStep } from "./runs.ts";
import { faultsDuringSteps, finalLists, startsOf, stepsOf, unlisted } from "./runs.ts";
import { identity } from "../delivery/messages.ts";
import { counted, listed, moment } from "../kit/words.ts";

interface Violation {
  readonly kind: "two-results" | "result-replaced";
  /** The accepted completions that prove it. */
  readonly accepted: readonly RunStep[];
  /** Whose result the queue has in the end, where that is the proof. */
  readonly final?: { readonly list: FinalList; readonly run: string };
}

/**
 * A result is recorded when its `ack` is `ok`. Two of one job are `two-results`; where one was, and the queue has
 * another run's in the end, it was replaced. A completion whose outcome nobody knows, beside one that was accepted,
 * leaves it open. Counts the jobs.
 */
export function jobResults(history: History, minContested: number): CheckResult {
  const acks = stepsOf(history, "ack");
  const lists = finalLists(history, "jobs");
  const finals = finalRuns(lists);
  const byJob = [...Map.groupBy(acks, identity).values()];
  const violations = byJob.flatMap((steps) => violationOf(steps, finals) ?? []);
  const contested = byJob.filter((steps) => new Set(steps.map(({ run }) => run)).size > 1);
  const open = byJob.filter((steps) => {
    const ends = steps.map(({ operation }) => outcome(operation));
    return (
      ends.includes("info") && ends.some((end, i) => end === "ok" || (end === "info" && i !== ends.indexOf("info")))
    );
  });
  const refused = acks.filter(({ operation }) => outcome(operation) === "fail");
  const starts = startsOf(history);
  const faults = faultsOf(history);
  return conclude({
    history,
    findings: clearest(
      violations,
      (a, b) => (a.accepted[0]?.operation.invoke.index ?? 0) - (b.accepted[0]?.operation.invoke.index ?? 0),
      (violation) => describe(violation, starts, faults),
    ),
    count: violations.length,
    broken: `The queue has recorded more than one result of ${counted(violations.length, "job")}.`,
    vacuous:
      contested.length < minContested
        ? `Two runs have asked to complete ${counted(contested.length, "job")}, fewer than ${minContested}.`
        : undefined,
    unknown:
      unlisted(acks, lists, "the jobs of") ??
      (open.length === 0
        ? undefined
        : `Nobody knows whether a completion of ${counted(open.length, "job")} was recorded beside another one.`),
    holds: `No job has two results: of ${counted(contested.length, "job")} two runs asked to be completed, and ${counted(refused.length, "completion was", "completions were")} refused in all.`,
    figures: {
      jobs: byJob.length,
      contested: contested.length,
      "completions accepted": acks.filter(({ operation }) => outcome(operation) === "ok").length,
      "completions refused": refused.length,
    },
  });
}

/** By job, whose result the queue has in the end. */
function finalRuns(lists: readonly FinalList[]): ReadonlyMap<string, { list: FinalList; run: string }> {
  return new Map(
    lists.flatMap((list) =>
      list.entries.flatMap(({ message, run }): [string, { list: FinalList; run: string }][] =>
        run === undefined ? [] : [[identity({ channel: list.channel, message }), { list, run }]],
      ),
    ),
  );
}

function violationOf(
  steps: readonly RunStep[],
  finals: ReadonlyMap<string, { list: FinalList; run: string }>,
): Violation | undefined {
  const accepted = steps.filter(({ operation }) => outcome(operation) === "ok");
  if (accepted.length > 1) return { kind: "two-results", accepted };
  const [only] = accepted;
  const final = only && finals.get(identity(only));
  // What was accepted after the list had been asked for is not in it for certain.
  if (only?.operation.completion === undefined || final === undefined || final.run === only.run) return undefined;
  if (only.operation.completion.time >= final.list.operation.invoke.time) return undefined;
  return { kind: "result-replaced", accepted, final };
}

function describe(
  { kind, accepted, final }: Violation,
  starts: readonly RunStep[],
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const [first] = accepted;
  const runs = accepted.map(({ run }) => run);
  const by = accepted.map(
    ({ worker, run, operation }) => `${worker} (run ${run}) at ${moment(operation.completion?.time ?? 0)}`,
  );
  const began = starts.filter(
    (each) => first !== undefined && identity(each) === identity(first) && [...runs, final?.run].includes(each.run),
  );
  const during = faultsDuringSteps([...began, ...accepted], faults);
  const job = `the job ${first?.message ?? ""} of ${first?.channel ?? ""}`;
  return {
    kind,
    sentence:
      kind === "two-results"
        ? `The queue accepted ${counted(accepted.length, "result")} of ${job}, of ${listed(by)}${during}.`
        : `The queue accepted the result of ${job} of ${listed(by)}, and has that of the run ${final?.run ?? ""} in the end${during}.`,
    events: evidence([
      ...[...began, ...accepted].flatMap(({ operation }) => [operation.invoke, operation.completion]),
      final?.list.operation.invoke,
      final?.list.event,
    ]),
  };
}
