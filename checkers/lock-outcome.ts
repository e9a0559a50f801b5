/**
 * Calls that run a routine under the lock, and tell their caller that they have failed although the routine has done its work: whoever repeats what failed does it twice.
 * A lock without such a call leaves it to its user what to make of a release that was not confirmed. Exact; O(n).
 */
import { z } from "zod";
import type { Operation } from "../history/operation.ts";
import type { Checker, Finding } from "./checker.ts";
import { clearest, conclude } from "./conclude.ts";
import { fieldOf } from "./event-value.ts";
import { evidence } from "./evidence.ts";
import { alongside, faultsOf } from "./faults.ts";
import type { Grant } from "./lock-grants.ts";
import { grantsOf } from "./lock-grants.ts";
import { readOptions } from "./options.ts";
import { counted, moment, tooFew } from "./words.ts";

const OPTIONS = z.strictObject({
  /** Fewer grants than this under which something was written, and the test was too small. */
  minWrites: z.int().min(1).default(1),
});

interface Violation {
  readonly grant: Grant;
  readonly write: Operation;
  readonly outcome: Operation;
}

/** Counts the calls that were rejected after the resource had accepted a write of their routine. */
export const lockOutcome: Checker = (history, options) => {
  const { minWrites } = readOptions("lock-outcome", OPTIONS, options);
  const faults = faultsOf(history);
  const outcomes = new Map<string, Operation>();
  for (const operation of history.operations) {
    if (operation.f !== "outcome" || operation.completion?.type !== "ok") continue;
    const grant = fieldOf(operation.completion, "grant");
    if (typeof grant === "string") outcomes.set(grant, operation);
  }
  const written = grantsOf(history).flatMap((grant) => {
    const write = grant.accesses.find(({ f, completion }) => f === "write" && completion?.type === "ok");
    return write === undefined ? [] : [{ grant, write }];
  });
  const violations = written.flatMap(({ grant, write }): Violation[] => {
    const outcome = outcomes.get(grant.id);
    const rejected = outcome?.completion !== undefined && fieldOf(outcome.completion, "settled") === "rejected";
    return rejected ? [{ grant, write, outcome }] : [];
  });
  return conclude({
    findings: clearest(violations, (a, b) => a.outcome.invoke.index - b.outcome.invoke.index, describe),
    count: violations.length,
    broken: `${counted(violations.length, "call was", "calls were")} rejected although the routine had done its work.`,
    vacuous: tooFew(written.length, minWrites, "lock was written under", "locks were written under"),
    holds:
      outcomes.size === 0
        ? `Whoever wrote under a lock knows of it: the lock has no call that runs a routine (${counted(written.length, "grant")}).`
        : `No call was rejected whose routine had done its work (${counted(outcomes.size, "call")}).`,
    figures: {
      "grants with a write": written.length,
      calls: outcomes.size,
      "rejected after the write": violations.length,
    },
  });

  function describe({ grant, write, outcome }: Violation): Finding {
    const [done, told] = [write.completion ?? write.invoke, outcome.completion ?? outcome.invoke];
    const error = fieldOf(told, "error");
    return {
      kind: "rejected-after-effect",
      sentence:
        `${grant.who} ran its routine under ${grant.key} from ${moment(grant.ok.time)}; the resource accepted its write at ${moment(done.time)}, and at ${moment(told.time)} the call was ` +
        `rejected${typeof error === "string" ? ` (${error})` : ""}${alongside(faults, grant.ok.time, told.time, [grant.who])}.`,
      events: evidence([grant.acquire.invoke, grant.ok, write.invoke, done, outcome.invoke, told]),
    };
  }
};
