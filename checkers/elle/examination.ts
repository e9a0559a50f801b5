/** What was found in a history, before anybody asks which consistency model it breaks. */
import type { Columns } from "../../history/columns/columns.ts";
import type { FoundCycles } from "./graph/cycles.ts";
import { findCycles } from "./graph/cycles.ts";
import { explainCycle } from "./words/explain.ts";
import type { Findings, Found } from "./findings.ts";
import type { GraphBuilder } from "./graph/graph.ts";
import { DATA, PROCESS, REALTIME } from "./graph/graph.ts";
import { addProcessOrder, addRealTime } from "./transactions/order-edges.ts";
import type { Reasons } from "./words/reason.ts";
import { sessionViolation } from "./words/session-guarantees.ts";
import type { Transactions } from "./transactions/transactions.ts";
import type { Words } from "./words/words.ts";

export interface Examination {
  readonly transactions: Transactions;
  readonly counts: ReadonlyMap<string, number>;
  readonly found: ReadonlyMap<string, readonly Found[]>;
  readonly singlesLeft: boolean;
  /** Whether the search for cycles was ended before it was through. */
  readonly ended: boolean;
  /**
   * For an anomaly that rests on assumptions what there would be instead where one of them were wrong: it rules out
   * only models that forbid each of these, too.
   */
  readonly unless: ReadonlyMap<string, readonly string[]>;
}

/** Examines columns in the same way as those that an examination is of. */
export type Examine = (columns: Columns) => Examination;

/** What the search for cycles needs. */
export interface CycleSearch {
  readonly transactions: Transactions;
  readonly findings: Findings;
  readonly words: Words;
  readonly builder: GraphBuilder;
  readonly reasons: Reasons;
  /** Bits of `PROCESS` and `REALTIME`. */
  readonly orders: number;
  readonly cancelled: () => boolean;
}

/** Adds the orders to the edges of the data, and the cycles to the findings. */
export function addCycles(search: CycleSearch): Pick<Examination, "singlesLeft" | "ended"> {
  const { transactions, builder, orders, findings, reasons, words, cancelled } = search;
  const { process } = transactions;
  // Orders by themselves have no cycles.
  if ((builder.kinds & DATA) === 0) return { singlesLeft: false, ended: false };
  if ((orders & PROCESS) !== 0) addProcessOrder(transactions, builder);
  if ((orders & REALTIME) !== 0) addRealTime(transactions, builder);
  const found: FoundCycles = findCycles({
    graph: builder.build(),
    transactions: transactions.length,
    sameProcess: (from, to) => process[from] === process[to] && from < to,
    orders,
    cancelled,
  });
  for (const [name, cycles] of found.cycles) {
    findings.cycles = true;
    for (const cycle of cycles) {
      const explained = (): Found => explainCycle(cycle, reasons, words);
      findings.add(name, explained);
      if (!name.endsWith("-process")) continue;
      const violation = sessionViolation(cycle, reasons);
      if (violation !== undefined) findings.add(violation, explained);
    }
  }
  return { singlesLeft: found.singlesLeft, ended: found.ended };
}
