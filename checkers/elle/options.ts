/** The options of the analyses of transactions. */
import { z } from "zod";
import { BUDGET } from "../kit/budget.ts";
import type { ConsistencyModel } from "./consistency-models.ts";
import { consistencyModel, ruledOutBy } from "./consistency-models.ts";
import { PROCESS, REALTIME } from "./graph/graph.ts";

const COMMON = {
  ...BUDGET,
  // Transactions name their keys themselves.
  byKey: z.literal(false, "transactions name their keys themselves: leave it out").optional(),
  consistencyModel: z.string().default("strict-serializable").describe("What is asked of the transactions"),
};

export const listAppendOptions = z.strictObject({
  ...COMMON,
  init: z.union([z.null(), z.array(z.never())], "lists are empty in the beginning: leave it out").optional(),
});

export const rwRegisterOptions = z.strictObject({
  ...COMMON,
  init: z
    .union([z.null(), z.string(), z.number(), z.boolean()], "must be a scalar")
    .optional()
    .describe("What all registers hold in the beginning; null unless it is given"),
  wfrKeys: z.boolean().optional().describe("A transaction that writes what it has read comes after what it read"),
  sequentialKeys: z.boolean().optional().describe("Each process sees each key move on only"),
  linearizableKeys: z
    .boolean()
    .optional()
    .describe("A client that begins after another one has ended sees the key at least as far"),
});

export interface Question {
  readonly model: ConsistencyModel;
  /** Bits of `PROCESS` and `REALTIME`: the orders that the model cares about. */
  readonly orders: number;
  readonly cancelled: () => boolean;
}

/** @throws TypeError when there is no such consistency model. */
export function questionOf(options: z.output<typeof listAppendOptions | typeof rwRegisterOptions>): Question {
  const { timeMs, cancelled } = options;
  const model = consistencyModel(options.consistencyModel);
  const deadline = timeMs === undefined ? Infinity : performance.now() + timeMs;
  return {
    model,
    orders: (needs(model, ["G0-process", ...SESSIONS]) ? PROCESS : 0) | (needs(model, ["G0-realtime"]) ? REALTIME : 0),
    cancelled: () => cancelled?.() === true || performance.now() > deadline,
  };
}

/** The same question about a small part of a history, which takes no time to speak of. */
export function withoutLimit(question: Question): Question {
  return { ...question, cancelled: () => false };
}

const SESSIONS = ["monotonic-reads", "monotonic-writes", "read-your-writes", "writes-follow-reads"].map(
  (each) => `${each}-violation`,
);

function needs(model: ConsistencyModel, anomalies: readonly string[]): boolean {
  return anomalies.some((anomaly) => ruledOutBy(anomaly).has(model));
}
