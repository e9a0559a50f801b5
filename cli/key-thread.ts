/** One of the threads of `analyzeInThreads`: judges its share of the objects, and answers once. */
import { parentPort, workerData } from "node:worker_threads";
import { MisuseError } from "../checkers/analysis.ts";
import { LINEARIZABILITY_ANALYZERS } from "../checkers/linearizability/analyzers.ts";
import { receiveColumns } from "../history/shared-columns.ts";
import type { KeyThreadAnswer, KeyThreadOrder } from "./key-threads.ts";

const { columns, model, options, share, stop } = workerData as KeyThreadOrder;

function answer(): KeyThreadAnswer {
  const analyze = LINEARIZABILITY_ANALYZERS.get(model);
  if (analyze === undefined) return { kind: "option", message: `there is no model ${JSON.stringify(model)}` };
  try {
    const cancelled = (): boolean => Atomics.load(stop, 0) !== 0;
    return { kind: "analysis", analysis: analyze(receiveColumns(columns), { ...options, share, cancelled }) };
  } catch (error) {
    if (error instanceof MisuseError) return { kind: "misuse", problem: error.problem, event: error.event };
    if (error instanceof TypeError) return { kind: "option", message: error.message };
    throw error;
  }
}

parentPort?.postMessage(answer(), []);
