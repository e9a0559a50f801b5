/**
 * Checks in threads of their own, so that the one that waits can still be interrupted. Objects of a history with many
 * keys are shared out; the first thread that finds one broken ends the others.
 */
import { Worker } from "node:worker_threads";
import type { Analysis, AnalysisOptions } from "../../checkers/analysis.ts";
import { MisuseError } from "../../checkers/analysis.ts";
import type { CheckResult } from "../../checkers/checker.ts";
import { resultOf } from "../../checkers/kit/consistency-checker.ts";
import { LINEARIZABILITY_ANALYZERS } from "../../checkers/linearizability/analyzers.ts";
import { mergeShares } from "../../checkers/linearizability/check.ts";
import type { Columns } from "../../history/columns/columns.ts";
import { shareColumns } from "../../history/columns/shared-columns.ts";
import type { SharedColumns } from "../../history/columns/shared-columns.ts";
import { compiledFile } from "../../machine/compiled.ts";

export interface KeyThreadOrder {
  readonly columns: SharedColumns;
  readonly model: string;
  readonly options: Omit<AnalysisOptions, "cancelled">;
  /** Absent where there is one thread. */
  readonly share?: { readonly index: number; readonly of: number };
  /** One word, which becomes 1 when it is time to stop. */
  readonly stop: Int32Array;
}

export type KeyThreadAnswer =
  | { readonly kind: "result"; readonly result: CheckResult; readonly milliseconds: number }
  | { readonly kind: "misuse"; readonly problem: string; readonly event: number | undefined }
  | { readonly kind: "option"; readonly message: string };

export interface KeyThreadsOptions {
  /** Such as `register` or `lock-overlap`; a name that `--model` takes. */
  readonly model: string;
  readonly options: Omit<AnalysisOptions, "cancelled">;
  /** At most; models other than those of linearizability have one, as they judge all objects together. */
  readonly threads: number;
  /** Told how long the check took in the slowest thread, without the starting of it. */
  readonly onMilliseconds?: (milliseconds: number) => void;
  /** Ends the check, which is then `unknown`. */
  readonly signal?: AbortSignal;
}

/**
 * @throws MisuseError, TypeError like the checker itself.
 * @throws Error when a thread fails.
 */
export async function checkInThreads(columns: Columns, order: KeyThreadsOptions): Promise<CheckResult> {
  const { model, options, signal } = order;
  const threads = LINEARIZABILITY_ANALYZERS.has(model) ? order.threads : 1;
  const shared = shareColumns(columns);
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const halt = (): void => {
    Atomics.store(stop, 0, 1);
  };
  signal?.addEventListener("abort", halt);
  if (signal?.aborted === true) halt();
  try {
    const answers = await Promise.all(
      Array.from({ length: threads }, async (_, index) => {
        const share = threads === 1 ? undefined : { share: { index, of: threads } };
        const answer = await runThread({ columns: shared, model, options, stop, ...share });
        if (answer.kind !== "result" || answer.result.verdict === "broken") halt();
        return answer;
      }),
    );
    order.onMilliseconds?.(Math.max(...answers.map((answer) => (answer.kind === "result" ? answer.milliseconds : 0))));
    return merged(answers.map((answer) => resultIn(answer, columns)));
  } finally {
    halt();
    signal?.removeEventListener("abort", halt);
  }
}

function resultIn(answer: KeyThreadAnswer, columns: Columns): CheckResult {
  if (answer.kind === "result") return answer.result;
  if (answer.kind === "option") throw new TypeError(answer.message);
  throw new MisuseError(answer.problem, answer.event, columns);
}

/** What several threads found, each in its share. */
function merged(results: readonly CheckResult[]): CheckResult {
  const [first, ...others] = results;
  if (first !== undefined && others.length === 0) return first;
  return resultOf(mergeShares(results.map(({ analysis }) => analysis as Analysis)));
}

function runThread(order: KeyThreadOrder): Promise<KeyThreadAnswer> {
  const worker = new Worker(compiledFile("session/judge/key-thread.js"), { workerData: order });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => {
      reject(new Error(`a thread of the check ended with ${code} and without an answer`));
    });
  });
}
