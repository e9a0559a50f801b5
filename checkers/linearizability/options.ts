/** The options of the models of linearizability: typed, and without room for typing mistakes. */
import { z } from "zod";
import type { Json } from "../../history/operation.ts";
import type { AnalysisOptions } from "../analysis.ts";
import { readOptions } from "../kit/options.ts";

const COMMON = {
  timeMs: z.number().positive().optional(),
  bytes: z.number().positive().optional(),
  cancelled: z.custom<() => boolean>((value) => typeof value === "function", "must be a function").optional(),
  init: z.json().optional(),
  byKey: z.boolean().optional(),
  share: z.strictObject({ index: z.int().min(0), of: z.int().min(1) }).optional(),
  searchOnly: z.boolean().optional(),
};

const SCHEMAS = new Map([
  ["semaphore", z.strictObject({ ...COMMON, limit: z.int("must be how many may hold it").min(1) })],
]);
const OTHERS = z.strictObject(COMMON);

/** @throws TypeError that names the model and each option that is wrong. */
export function checkOptions(model: string, options: AnalysisOptions): void {
  // What is no JSON in them, `cancelled`, is checked by the schema as well.
  readOptions(model, SCHEMAS.get(model) ?? OTHERS, options as { readonly [key: string]: Json });
}
