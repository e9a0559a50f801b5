/** The order of processes and of real time as edges. */
import { TYPE } from "../../../history/columns/columns.ts";
import type { GraphBuilder } from "../graph/graph.ts";
import { LINK, PROCESS, REALTIME } from "../graph/graph.ts";
import type { Transactions } from "./transactions.ts";
import { NONE } from "./transactions.ts";

/**
 * From each `ok` transaction of a process to its next one. A failed one is skipped; an `info` is the last of its
 * process.
 */
export function addProcessOrder(transactions: Transactions, builder: GraphBuilder): void {
  const { length, outcome, process, processes } = transactions;
  const last = new Int32Array(processes).fill(NONE);
  for (let t = 0; t < length; t += 1) {
    if (outcome[t] === TYPE.fail) continue;
    const p = process[t] as number;
    if (last[p] !== NONE) builder.add(last[p] as number, t, PROCESS);
    if (outcome[t] === TYPE.ok) last[p] = t;
  }
}

/**
 * From each `ok` transaction to all that were invoked after it had completed: through junctions in the order of time.
 * Every completion leads to the next junction, and a junction leads to the invocations before the one after it. That is
 * at most three edges for each transaction.
 */
export function addRealTime(transactions: Transactions, builder: GraphBuilder): void {
  const { columns, outcome, invoked, completed, ofEvent } = transactions;
  /** The junction that invocations come from now, and the one that completions go to. */
  let [behind, ahead] = [NONE, NONE];
  for (let event = 0; event < columns.length; event += 1) {
    const t = ofEvent[event] as number;
    if (t === NONE || outcome[t] === TYPE.fail) continue;
    if (event === invoked[t]) {
      if (ahead !== NONE) {
        if (behind !== NONE) builder.add(behind, ahead, LINK);
        behind = ahead;
        ahead = NONE;
      }
      if (behind !== NONE) builder.add(behind, t, LINK);
    } else if (event === completed[t] && outcome[t] === TYPE.ok) {
      if (ahead === NONE) ahead = builder.junction();
      builder.add(t, ahead, REALTIME);
    }
  }
}
