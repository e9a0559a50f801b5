/**
 * What became of a client's commands: how often each was carried out, whether its caller was told so, and when.
 *
 * Every command carries a value of its own, so that the final reads tell how often it was carried out. For a count only
 * the sum is known: it decides where no other explanation is left. O(n log n).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { CheckResult } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { byProperty } from "../kit/exercise.ts";
import { atomic, noDuplicate, noGhost, once, refusedNothing } from "./executed.ts";
import { settles } from "./settled.ts";

const minCalls = z
  .int()
  .min(1)
  .default(1)
  .describe("Fewer than this of what the property is about, and nothing was tested");

const OPTIONS = z.discriminatedUnion("property", [
  z.strictObject({
    property: z.literal("once").describe("What succeeded happened exactly once"),
    minCalls,
  }),
  z.strictObject({
    property: z.literal("no-duplicate").describe("Nothing happened twice, whatever its caller was told"),
    minCalls,
  }),
  z.strictObject({ property: z.literal("refused-nothing").describe("What was refused did not happen"), minCalls }),
  z.strictObject({
    property: z.literal("no-ghost").describe("What failed, or never settled, did not happen"),
    minCalls,
  }),
  z.strictObject({
    property: z.literal("atomic").describe("All commands of a transaction happened, or none"),
    minCalls,
  }),
  z.strictObject({
    property: z.literal("settles").describe("Every call settles, by redquake's own deadline at the latest"),
    minCalls,
    boundMs: z
      .number()
      .positive()
      .optional()
      .describe("A shorter time within which it must, in milliseconds, besides what a blocking command waits"),
  }),
]);

const tried = { f: ["call"], end: "tried", until: "final" } as const;

export const clientCalls = checkerOf({
  name: "client-calls",
  options: OPTIONS,
  exercise: byProperty(
    {
      once: { ...tried, end: "succeeded" },
      "refused-nothing": { ...tried, end: "refused" },
      settles: { ...tried, f: ["call", "wait"] },
    },
    tried,
  ),
  check,
});

function check(history: History, options: z.output<typeof OPTIONS>): CheckResult {
  switch (options.property) {
    case "once":
      return once(history, options.minCalls);
    case "no-duplicate":
      return noDuplicate(history, options.minCalls);
    case "refused-nothing":
      return refusedNothing(history, options.minCalls);
    case "no-ghost":
      return noGhost(history, options.minCalls);
    case "atomic":
      return atomic(history, options.minCalls);
    case "settles":
      return settles(history, options.minCalls, options.boundMs);
  }
}
