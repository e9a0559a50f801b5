/** One of the threads of `checkInThreads`: judges its share of the objects, and answers once. */
import { parentPort, workerData } from "node:worker_threads";
import { MisuseError } from "../../checkers/analysis.ts";
import { ValueError } from "../../history/vocabulary/read.ts";
import { receiveColumns } from "../../history/columns/shared-columns.ts";
import { History } from "../../history/history.ts";
import { nameSourcesInStacks } from "../../machine/source-stacks.ts";
import type { KeyThreadAnswer, KeyThreadOrder } from "./key-threads.ts";
import { modelNamed } from "./model-names.ts";

nameSourcesInStacks();

const { columns, model, options, share, stop } = workerData as KeyThreadOrder;

function answer(): KeyThreadAnswer {
  const checker = modelNamed(model);
  if (checker === undefined) return { kind: "option", message: `there is no model ${JSON.stringify(model)}` };
  const cancelled = (): boolean => Atomics.load(stop, 0) !== 0;
  // Only checkers of whole histories take so long that they look whether they should stop.
  const more = "analyze" in checker ? { cancelled, ...(share === undefined ? undefined : { share }) } : undefined;
  try {
    const history = History.ofColumns(receiveColumns(columns));
    const started = performance.now();
    const result = checker(history, { ...options, ...more });
    return { kind: "result", result, milliseconds: performance.now() - started };
  } catch (error) {
    if (error instanceof MisuseError) return { kind: "misuse", problem: error.problem, event: error.event };
    if (error instanceof ValueError) return { kind: "misuse", problem: error.message, event: error.event };
    if (error instanceof TypeError) return { kind: "option", message: error.message };
    throw error;
  }
}

parentPort?.postMessage(answer(), []);
