/** Jobs that a killed worker had begun with, and that nobody else began with in time. */
import type { History } from "../history/history.ts";
import type { CheckResult, Finding } from "./checker.ts";
import { clearest, conclude } from "./conclude.ts";
import { evidence } from "./evidence.ts";
import type { FaultRecord } from "./faults.ts";
import { describeFault, faultsOf, neverInjected } from "./faults.ts";
import type { RunStep } from "./job-runs.ts";
import { startsOf, stepsOf } from "./job-runs.ts";
import { identity } from "./messages.ts";
import { counted, duration, fromMs, milliseconds, moment } from "./words.ts";

interface Abandoned {
  readonly start: RunStep;
  /** The first start of the same job after the kill. */
  readonly again: RunStep | undefined;
  /** How long the job lay there, as far as the history goes. */
  readonly waited: number;
}

/**
 * A job is abandoned when a killed worker has begun with it, and the completion of that run was not even asked for. From the kill on somebody must begin with it again within
 * the bound; where the history ends before that, nobody knows. Counts the jobs.
 */
export function jobTakeover(history: History, afterFault: string, boundMs: number): CheckResult {
  const fault = faultsOf(history).get(afterFault);
  const jobs = fault === undefined ? [] : abandonedBy(history, fault);
  const late = jobs.filter(({ waited }) => waited > fromMs(boundMs));
  const open = jobs.filter(({ again, waited }) => again === undefined && waited <= fromMs(boundMs));
  const longest = Math.max(0, ...jobs.map(({ waited }) => waited));
  return conclude({
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
    unknown: open.length === 0 ? undefined : "The history ends before the bound was over.",
    holds: `${counted(jobs.length, "job", "jobs")} of a killed worker ${jobs.length === 1 ? "was" : "were"} begun again within ${duration(longest)}; the bound is ${duration(fromMs(boundMs))}.`,
    figures: { abandoned: jobs.length, late: late.length, "longest wait ms": milliseconds(longest) },
  });
}

function abandonedBy(history: History, fault: FaultRecord): Abandoned[] {
  const end = history.events.at(-1)?.time ?? 0;
  const starts = startsOf(history);
  const finished = new Set(stepsOf(history, "ack").map(({ run }) => run));
  return starts
    .filter(({ worker, run, operation }) => {
      const began = operation.completion?.time ?? Infinity;
      return fault.target.includes(worker) && began <= fault.from && !finished.has(run);
    })
    .map((start): Abandoned => {
      const again = starts.find(
        (each) => identity(each) === identity(start) && (each.operation.completion?.time ?? 0) > fault.from,
      );
      return { start, again, waited: Math.max(0, (again?.operation.completion?.time ?? end) - fault.from) };
    });
}

function describe({ start, again, waited }: Abandoned, fault: FaultRecord): Finding {
  const { message, channel, worker, operation } = start;
  const next =
    again === undefined
      ? "nobody began with it again"
      : `${again.worker} began with it only at ${moment(again.operation.completion?.time ?? 0)}`;
  return {
    kind: "abandoned",
    sentence: `${worker} had begun with the job ${message} of ${channel} at ${moment(operation.completion?.time ?? 0)}; ${describeFault(fault)}, and for ${duration(waited)} ${next}.`,
    events: evidence([
      operation.invoke,
      operation.completion,
      fault.stages.get("inject")?.event,
      again?.operation.invoke,
      again?.operation.completion,
    ]),
  };
}
