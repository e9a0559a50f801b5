/** Calls that did not settle in time, and what they came to later. */
import type { History } from "../../history/history.ts";
import type { Operation } from "../../history/operation.ts";
import { listField, numberIn, subjectOf, textIn } from "../../history/vocabulary/read.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf, openUntil, wasSuspended } from "../kit/faults.ts";
import { counted, duration, fromMs, moment, tooFew, who } from "../kit/words.ts";
import { isUnsettled } from "./traced.ts";

const CALLS = ["call", "wait"];

/**
 * Every call settles, within the deadline at which redquake goes on without it, or within a shorter bound. That a
 * worker was stopped meanwhile is no fault of its client.
 * @param boundMs beyond what a blocking command waits at the server
 */
export function settles(history: History, minCalls: number, boundMs: number | undefined): CheckResult {
  const faults = faultsOf(history);
  const calls = history.operations.filter(({ f }) => CALLS.includes(f));
  const end = history.events.at(-1)?.time ?? 0;
  const wrong = calls.filter((call) => {
    const until = openUntil(call, faults);
    const tooLong = boundMs !== undefined && Math.min(until, end) - call.invoke.time > fromMs(boundMs) + waitOf(call);
    return (
      (isUnsettled(call) || until === Infinity || tooLong) &&
      !wasSuspended(faults, who(call.invoke), call.invoke.time, Math.min(until, end))
    );
  });
  const later = laterEnds(history);
  const never = wrong.filter((call) => call.completion === undefined || isUnsettled(call));
  const forGood = never.filter((call) => later.get(elementsOf(call)) === undefined);
  const longest = calls.reduce(
    (most, { invoke, completion }) => Math.max(most, (completion?.time ?? invoke.time) - invoke.time),
    0,
  );
  return conclude({
    history,
    findings: clearest(
      wrong,
      // Those that never settled at all are the clearest.
      (a, b) =>
        Number(later.has(elementsOf(a))) - Number(later.has(elementsOf(b))) ||
        Number(never.includes(b)) - Number(never.includes(a)) ||
        a.invoke.index - b.invoke.index,
      (call) => describe(call, later.get(elementsOf(call)), faults),
    ),
    count: wrong.length,
    broken: `${counted(wrong.length, "call")} did not settle in time${never.length === 0 ? "" : `, and ${forGood.length} of them not at all as long as the run lasted`}.`,
    vacuous: tooFew(calls.length, minCalls, "call was made", "calls were made"),
    holds: `${counted(calls.length, "call")}, and each settled in time; the longest took ${duration(longest)}.`,
    figures: {
      calls: calls.length,
      "did not settle in time": wrong.length,
      "never settled": forGood.length,
      "longest ms": Math.round(longest / 1e6),
    },
  });
}

/** What unsettled calls came to, by their names. */
function laterEnds(history: History): ReadonlyMap<string, Operation> {
  return new Map(
    history.operations.filter(({ f }) => f === "late").map((operation) => [elementsOf(operation), operation]),
  );
}

/** What `late` names a call by. */
function elementsOf({ invoke }: Operation): string {
  return JSON.stringify(listField(invoke, "elements"));
}

function waitOf({ invoke }: Operation): number {
  return fromMs((numberIn(invoke, "seconds") ?? 0) * 1_000);
}

function describe(call: Operation, later: Operation | undefined, faults: ReadonlyMap<string, FaultRecord>): Finding {
  const { invoke, completion } = call;
  const what = `${call.f === "wait" ? "The blocking command" : `The ${textIn(invoke, "command") ?? "call"}`} on ${subjectOf(invoke)} that ${who(invoke)} asked for at ${moment(invoke.time)}`;
  const around = alongside(faults, invoke.time, completion?.time ?? invoke.time, [who(invoke)]);
  const events = evidence([invoke, completion, later?.invoke, later?.completion]);
  if (completion !== undefined && !isUnsettled(call))
    return {
      kind: "late",
      sentence: `${what} took ${duration(completion.time - invoke.time)} to settle${around}.`,
      events,
    };
  const patience = completion === undefined ? "" : ` within ${duration(completion.time - invoke.time)}`;
  const laterEvent = later?.completion;
  const then =
    laterEvent === undefined
      ? ", and never did"
      : `; at ${moment(laterEvent.time)} it ${textIn(laterEvent, "end") === "resolved" ? "resolved" : `rejected: ${textIn(laterEvent, "error") ?? ""}`}`;
  return {
    kind: laterEvent === undefined ? "never-settled" : "late",
    sentence: `${what} had not settled${patience}${then}${around}.`,
    events,
  };
}
