/**
 * What becomes of jobs that are run more than once.
 *
 * BullMQ lets a job be run again when its worker has not kept its lock (https://docs.bullmq.io/bull/important-notes),
 * takes the result of the worker that has the lock, and leaves side effects to its users. Whether jobs are run at all,
 * and how often, is for the checker `delivery`, with `send: "add"` and `audience: "group"`.
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { CheckResult } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { jobEffects } from "./effects.ts";
import { jobResults } from "./results.ts";
import { jobTakeover } from "./takeover.ts";

const OPTIONS = z.discriminatedUnion("property", [
  z.strictObject({
    property: z.literal("one-effect").describe("No job has two side effects"),
    minEffects: z.int().min(1).default(1).describe("Fewer side effects than this, and the test was too small"),
  }),
  z.strictObject({
    property: z.literal("one-result").describe("No job is completed by two runs"),
    minContested: z
      .int()
      .min(0)
      .default(1)
      .describe("Jobs that at least two runs have asked to complete; with fewer than this, nothing was tested"),
  }),
  z.strictObject({
    property: z.literal("takeover").describe("Jobs of a killed worker are run by another one"),
    afterFault: z.string().describe("The `kill` of a worker"),
    boundMs: z
      .number()
      .positive()
      .describe("How long after it somebody must have begun with the job again, in milliseconds"),
  }),
]);

export const jobs = checkerOf({
  name: "jobs",
  options: OPTIONS,
  exercise: always("succeeded", ["deliver"], "final"),
  check,
});

function check(history: History, read: z.output<typeof OPTIONS>): CheckResult {
  switch (read.property) {
    case "one-effect":
      return jobEffects(history, read.minEffects);
    case "one-result":
      return jobResults(history, read.minContested);
    case "takeover":
      return jobTakeover(history, read.afterFault, read.boundMs);
  }
}
