/** Jobs that a killed worker had begun with, and that nobody else began with in time. */
import type { History } from "../../history/history.ts";
import { phaseOf } from "../../history/nemesis-event.ts";
import type { HistoryEvent } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { describeFault, faultsOf, neverInjected } from "../kit/faults.ts";
import type { RunStep } from "./runs.ts";
import { startsOf, stepsOf } from "./runs.ts";
import { identity } from "../delivery/messages.ts";
import { counted, duration, fromMs, milliseconds, moment } from "../kit/words.ts";

interface Abandoned {
  readonly start: RunStep;
  /** The first start of the same job after the kill, by somebody who lives. */
  readonly again: RunStep | undefined;
  /** Since the kill was seen to have been made, until then, or for as long as anybody could have begun with it. */
  readonly waited: number;
  /** Without `again`: the event at which nobody could any more. */
  readonly end: HistoryEvent | undefined;
}

/**
 * A job is abandoned when a killed worker was the last to begin with it, and the completion of that run was not even
 * asked for. From the kill on somebody must begin with it again within the bound; where the workers are told to end
 * before that, nobody knows. Counts the jobs.
 */
export function jobTakeover(history: History, afterFault: string, boundMs: number): CheckResult {
  const fault = faultsOf(history).get(afterFault);
  const jobs = fault === undefined ? [] : abandonedBy(history, fault);
  const late = jobs.filter(({ waited }) => waited > fromMs(boundMs));
  const open = jobs.filter(({ again, waited }) => again === undefined && waited <= fromMs(boundMs));
  const longest = Math.max(0, ...jobs.map(({ waited }) => waited));
  return conclude({
    history,
    findings:
      fault === undefined
        ? []
        : clearest(
            late,
            (a, b) => b.waited - a.waited,
            (job) => describe(job, fault),
          ),
    count: late.length,
    broken: `${counted(late.length, "job", "jobs")} of a killed worker lay there for up to ${duration(longest)}; the bound is ${duration(fromMs(boundMs))}.`,
    vacuous:
      neverInjected(fault, afterFault) ??
      (jobs.length === 0 ? `Nobody whom the fault “${afterFault}” killed was at work on a job.` : undefined),
    unknown: open.length === 0 ? undefined : "The workers were told to end before the bound was over.",
    holds: `${counted(jobs.length, "job", "jobs")} of a killed worker ${jobs.length === 1 ? "was" : "were"} begun again within ${duration(longest)}; the bound is ${duration(fromMs(boundMs))}.`,
    figures: { abandoned: jobs.length, late: late.length, "longest wait ms": milliseconds(longest) },
  });
}

function abandonedBy(history: History, fault: FaultRecord): Abandoned[] {
  const since = fault.stages.get("active")?.event.time ?? fault.from;
  const end = history.nemesis.find((event) => phaseOf(event) === "final") ?? history.events.at(-1);
  const asked = new Set(stepsOf(history, "ack").map((ack) => JSON.stringify([identity(ack), ack.run])));
  const byJob = Map.groupBy(
    startsOf(history).sort((a, b) => begun(a) - begun(b)),
    identity,
  );
  return [...byJob.values()].flatMap((starts): Abandoned[] => {
    const start = starts.findLast((each) => begun(each) <= fault.from);
    if (start === undefined || !fault.target.includes(start.worker)) return [];
    if (asked.has(JSON.stringify([identity(start), start.run]))) return [];
    const again = starts.find((each) => begun(each) > fault.from && !fault.target.includes(each.worker));
    const until = again === undefined ? (end?.time ?? 0) : begun(again);
    return [{ start, again, waited: Math.max(0, until - since), end: again === undefined ? end : undefined }];
  });
}

/** When the worker said that it had begun. */
function begun({ operation }: RunStep): number {
  return operation.completion?.time ?? Infinity;
}

function describe({ start, again, waited, end }: Abandoned, fault: FaultRecord): Finding {
  const { message, channel, worker, operation } = start;
  const next =
    again === undefined
      ? "nobody had begun with it again"
      : `${again.worker} began with it only at ${moment(begun(again))}`;
  return {
    kind: "abandoned",
    sentence: `${worker} had begun with the job ${message} of ${channel} at ${moment(begun(start))}; ${describeFault(fault)}, and ${next}, ${duration(waited)} later.`,
    events: evidence([
      operation.invoke,
      operation.completion,
      fault.stages.get("inject")?.event,
      again?.operation.invoke,
      again?.operation.completion,
      end,
    ]),
  };
}
