/** The options of the analyses of transactions. */
import { z } from "zod";
import type { Json } from "../../history/operation.ts";
import type { AnalysisOptions } from "../analysis.ts";
import { readOptions } from "../kit/options.ts";
import type { ConsistencyModel } from "./consistency-models.ts";
import { consistencyModel, ruledOutBy } from "./consistency-models.ts";
import { PROCESS, REALTIME } from "./graph.ts";

const budget = {
  timeMs: z.number().positive().optional(),
  bytes: z.number().positive().optional(),
  cancelled: z.custom<() => boolean>((value) => typeof value === "function", "must be a function").optional(),
  // Transactions name their keys themselves.
  byKey: z.literal(false, "transactions name their keys themselves: leave it out").optional(),
  consistencyModel: z.string().default("strict-serializable"),
};

export const listAppendOptions = z.strictObject({
  ...budget,
  init: z.union([z.null(), z.array(z.never())], "lists are empty in the beginning: leave it out").optional(),
});

export const rwRegisterOptions = z.strictObject({
  ...budget,
  init: z.union([z.null(), z.string(), z.number(), z.boolean()], "must be a scalar").optional(),
  wfrKeys: z.boolean().optional(),
  sequentialKeys: z.boolean().optional(),
  linearizableKeys: z.boolean().optional(),
});

export interface Question {
  readonly model: ConsistencyModel;
  /** Bits of `PROCESS` and `REALTIME`: the orders that the model cares about. */
  readonly orders: number;
  readonly cancelled: () => boolean;
}

/** The options of an analysis. @throws TypeError that names each one that is wrong. */
export function optionsOf<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  options: AnalysisOptions,
): z.output<Schema> {
  // What is no JSON in them, `cancelled`, is checked by the schema as well.
  return readOptions(name, schema, options as { readonly [key: string]: Json });
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
