/** One of the threads of `analyzeInThreads`: judges its share of the objects, and answers once. */
import { parentPort, workerData } from "node:worker_threads";
import { MisuseError } from "../../checkers/analysis.ts";
import { MODELS } from "../../checkers/models.ts";
import { receiveColumns } from "../../history/columns/shared-columns.ts";
import type { KeyThreadAnswer, KeyThreadOrder } from "./key-threads.ts";

const { columns, model, options, share, stop } = workerData as KeyThreadOrder;

function answer(): KeyThreadAnswer {
  const analyze = MODELS.get(model);
  if (analyze === undefined) return { kind: "option", message: `there is no model ${JSON.stringify(model)}` };
  try {
    const cancelled = (): boolean => Atomics.load(stop, 0) !== 0;
    const received = receiveColumns(columns);
    const started = performance.now();
    const analysis = analyze(received, { ...options, ...(share === undefined ? undefined : { share }), cancelled });
    return { kind: "analysis", analysis, milliseconds: performance.now() - started };
  } catch (error) {
    if (error instanceof MisuseError) return { kind: "misuse", problem: error.problem, event: error.event };
    if (error instanceof TypeError) return { kind: "option", message: error.message };
    throw error;
  }
}

parentPort?.postMessage(answer(), []);
