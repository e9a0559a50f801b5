/** Records the operations of one logical process, and gives it a new number after every `info`. */
import { LongTimeout } from "../../machine/long-timeout.ts";
import type { Recorder } from "../../history/live/recorder.ts";
import type { Json } from "../../history/operation.ts";
import { outcomeOf } from "../../workloads/outcomes.ts";
import type { OperationValues } from "../../history/vocabulary/operation-values.ts";
import type {
  Completion,
  Ends,
  LogicalClient,
  OperationSettings,
  RecordedCompletion,
} from "../../workloads/workload.ts";

export interface LogicalClientOptions {
  readonly recorder: Recorder;
  readonly worker: string;
  /** Draws a process number that nobody had before. */
  readonly nextProcess: () => number;
  readonly count: (type: Completion["type"]) => void;
}

const NO_SETTINGS: OperationSettings = {};

const ENDS: Ends<OperationValues> = {
  ok: (value, known) => ({ type: "ok", value, ...known }),
  fail: (value, error) => ({ type: "fail", value, error }),
  info: (value, error) => ({ type: "info", value, error }),
};

export function logicalClient({ recorder, worker, nextProcess, count }: LogicalClientOptions): LogicalClient {
  let process = nextProcess();
  return {
    async operation(f, value, body, settings = NO_SETTINGS): Promise<RecordedCompletion> {
      recorder.record({ process, type: "invoke", f, value, worker });
      let completion: Completion;
      try {
        completion = await (settings.deadlineMs === undefined
          ? body(ENDS)
          : withDeadline(body(ENDS), settings.deadlineMs));
      } catch (error) {
        const { node } = error as { node?: string };
        completion = { ...outcomeOf(error, { reads: settings.reads ?? false }), value, node };
      }
      const time = recorder.now();
      // Only now: a value that says how long something is still valid must not be older than its stamp.
      const final: Json = typeof completion.value === "function" ? completion.value() : completion.value;
      const { type, error, node, attempts } = completion;
      recorder.recordCompletion(time, { process, type, f, value: final, error, node, worker, attempts });
      count(type);
      if (type === "info") process = nextProcess();
      return { type, value: final, error };
    },
  };
}

/** Some clients never settle a command whose connection was lost; the harness then decides that nobody knows. */
async function withDeadline<T>(operation: Promise<T>, deadlineMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = new LongTimeout(
    () => reject(new Error(`no answer within the harness's deadline of ${deadlineMs} ms`)),
    deadlineMs,
  );
  try {
    return await Promise.race([operation, promise]);
  } finally {
    timer.clear();
  }
}
