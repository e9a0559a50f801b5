/** The runs of jobs of a history: who began with which, made its side effect, and asked for its completion. */
import type { History } from "../../history/history.ts";
import type { HistoryEvent, Operation } from "../../history/operation.ts";
import { fieldOf, textField } from "../../history/vocabulary/read.ts";
import type { ListedRun } from "../../history/vocabulary/read-jobs.ts";
import { listedRunsIn } from "../../history/vocabulary/read-jobs.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside } from "../kit/faults.ts";
import { who } from "../kit/words.ts";

/** A step of a run: its start (`deliver`), its `effect` or its `ack`. */
export interface RunStep {
  readonly channel: string;
  readonly message: string;
  /** Unique for each time that a worker begins with a job. */
  readonly run: string;
  readonly worker: string;
  readonly operation: Operation;
}

/** What the last final read of a kind found, for each channel. */
export interface FinalList {
  readonly channel: string;
  readonly operation: Operation;
  readonly event: HistoryEvent;
  readonly entries: readonly ListedRun[];
}

/** All starts that are known, by their time: a `deliver` that is `ok` and names a run. */
export function startsOf(history: History): RunStep[] {
  return history.operations.flatMap((operation) => {
    const event = operation.completion;
    if (operation.f !== "deliver" || event?.type !== "ok" || fieldOf(event, "run") === undefined) return [];
    return [stepOf(operation, event)];
  });
}

/** All `effect`s, or all `ack`s, however they ended. */
export function stepsOf(history: History, f: "effect" | "ack"): RunStep[] {
  return history.operations.flatMap((operation) => (operation.f === f ? [stepOf(operation, operation.invoke)] : []));
}

function stepOf(operation: Operation, event: HistoryEvent): RunStep {
  return {
    channel: textField(event, "channel"),
    message: textField(event, "message"),
    run: textField(event, "run"),
    worker: who(event),
    operation,
  };
}

/** The last successful one of each channel. */
export function finalLists(history: History, f: "jobs" | "effects"): FinalList[] {
  const lists = new Map<string, FinalList>();
  for (const operation of history.operations) {
    const event = operation.completion;
    if (operation.f !== f || event?.type !== "ok") continue;
    const channel = textField(event, "channel");
    const entries = listedRunsIn(event, f);
    if ((lists.get(channel)?.event.index ?? -1) < event.index)
      lists.set(channel, { channel, operation, event, entries });
  }
  return [...lists.values()];
}

/** The end of a sentence about steps of runs: the faults that were active from the first of them to the last. */
export function faultsDuringSteps(steps: readonly RunStep[], faults: ReadonlyMap<string, FaultRecord>): string {
  if (steps.length === 0) return "";
  const times = steps.flatMap(({ operation: { invoke, completion } }) => [invoke.time, (completion ?? invoke).time]);
  return alongside(faults, Math.min(...times), Math.max(...times), [...new Set(steps.map(({ worker }) => worker))]);
}

/** Why a channel that somebody used has no final list; undefined when all have one. */
export function unlisted(steps: readonly RunStep[], lists: readonly FinalList[], what: string): string | undefined {
  const listed = new Set(lists.map(({ channel }) => channel));
  const missing = steps.find(({ channel }) => !listed.has(channel));
  return missing && `Nobody has read in the end ${what} ${missing.channel}.`;
}
