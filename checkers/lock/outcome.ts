/**
 * A call that runs a routine under a lock, and rejects although the routine has written: who tries again because of the
 * rejection writes twice. Only libraries that free their locks themselves record an `outcome`. O(n).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { Operation } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { textField, textIn } from "../../history/vocabulary/read.ts";
import { evidence } from "../kit/evidence.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import type { FaultRecord } from "../kit/faults.ts";
import type { Grant } from "./parts/grants.ts";
import { grantsOf } from "./parts/grants.ts";
import { counted, moment, tooFew } from "../kit/words.ts";

const OPTIONS = z.strictObject({
  minOutcomes: z.int().min(1).default(2).describe("Fewer outcomes than this, and the test was too small"),
});

interface Contradiction {
  readonly grant: Grant;
  readonly write: Operation;
  readonly outcome: Operation;
}

/** Counts the calls that rejected, and whose routine's write had been accepted. */
export const lockOutcome = checkerOf({
  name: "lock-outcome",
  options: OPTIONS,
  exercise: always("succeeded", ["outcome"]),
  lock: () => ({ level: "outcome" }),
  check,
});

function check(history: History, { minOutcomes }: z.output<typeof OPTIONS>): CheckResult {
  const outcomes = history.operations.filter(({ f, completion }) => f === "outcome" && completion?.type === "ok");
  const found = contradictions(history, outcomes);
  const faults = faultsOf(history);
  return conclude({
    history,
    findings: clearest(
      found,
      (a, b) => a.outcome.invoke.index - b.outcome.invoke.index,
      (each) => describe(each, faults),
    ),
    count: found.length,
    broken: `${counted(found.length, "call")} rejected although what it was made for had been done.`,
    vacuous: tooFew(
      outcomes.length,
      minOutcomes,
      "call ran a routine under a lock",
      "calls ran a routine under a lock",
    ),
    inapplicable: outcomes.length === 0 && grantsOf(history).length > 0,
    holds: `None of ${counted(outcomes.length, "call")} that ran a routine under a lock rejected after its routine had written.`,
    figures: { outcomes: outcomes.length, rejected: outcomes.filter(isRejected).length, contradictions: found.length },
  });
}

function contradictions(history: History, outcomes: readonly Operation[]): Contradiction[] {
  const grants = new Map(grantsOf(history).map((grant) => [grant.id, grant]));
  return outcomes.filter(isRejected).flatMap((outcome): Contradiction[] => {
    const grant = grants.get(textField(outcome.invoke, "grant"));
    const write = grant?.accesses.find(({ f, completion }) => f === "write" && completion?.type === "ok");
    return grant === undefined || write === undefined ? [] : [{ grant, write, outcome }];
  });
}

function isRejected({ completion }: Operation): boolean {
  return completion !== undefined && textIn(completion, "settled") === "rejected";
}

function describe({ grant, write, outcome }: Contradiction, faults: ReadonlyMap<string, FaultRecord>): Finding {
  const at = outcome.completion?.time ?? outcome.invoke.time;
  const error = outcome.completion === undefined ? undefined : textIn(outcome.completion, "error");
  return {
    kind: "rejected-after-effect",
    sentence:
      `${grant.who} got ${grant.key} at ${moment(grant.ok.time)}, and its write was accepted at ${moment(write.completion?.time ?? write.invoke.time)}; at ${moment(at)} its call rejected all the same` +
      `${error === undefined ? "" : ` (“${error}”)`}${alongside(faults, grant.ok.time, at, [grant.who])}.`,
    events: evidence([
      grant.acquire.invoke,
      grant.ok,
      write.invoke,
      write.completion,
      outcome.invoke,
      outcome.completion,
    ]),
  };
}
