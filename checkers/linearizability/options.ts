/** The options of the models of linearizability: typed, and without room for typing mistakes. */
import { z } from "zod";
import { BUDGET } from "../kit/budget.ts";

const COMMON = {
  ...BUDGET,
  init: z.json().optional().describe("The state before the first operation; the model's own unless it is given"),
  byKey: z.boolean().optional().describe("Values are `[key, value]`, and each key is an object of its own"),
  share: z.strictObject({ index: z.int().min(0), of: z.int().min(1) }).optional(),
  searchOnly: z.boolean().optional(),
};

export const PLAIN_OPTIONS = z.strictObject(COMMON);

export const SEMAPHORE_OPTIONS = z.strictObject({
  ...COMMON,
  limit: z.int("must be how many may hold it").min(1).describe("How many may hold it at once"),
});
