/**
 * Linearizability as a claim: whether the operations of clients could have happened one after the other. Values are `[key, value]`, and each key is an object of its
 * own. What an operation with an unknown outcome does late is allowed for, unlike in the checkers that judge each read by itself.
 */
import { z } from "zod";
import { columnsOf } from "../history/columns.ts";
import type { Checker } from "./checker.ts";
import { conclude } from "./conclude.ts";
import { LINEARIZABILITY_ANALYZERS } from "./linearizability/analyzers.ts";
import { readOptions } from "./options.ts";
import { counted, tooFew } from "./words.ts";

const OPTIONS = z.strictObject({
  /** The object: a name of `linearizability/models/`. */
  model: z.enum([...LINEARIZABILITY_ANALYZERS.keys()]),
  /** Milliseconds after which the search gives up, and the verdict is `unknown`. */
  timeMs: z.number().positive().default(60_000),
  /** Fewer acknowledged operations than this, and the test was too small. */
  minOperations: z.int().min(1).default(2),
});

export const linearizableClaim: Checker = (history, options) => {
  const { model, timeMs, minOperations } = readOptions("linearizable", OPTIONS, options);
  const { valid, reason, anomalies, counts, algorithm, operations } = analyzerNamed(model)(columnsOf(history), {
    byKey: true,
    timeMs,
  });
  const acknowledged = history.operations.filter(({ completion }) => completion?.type === "ok").length;
  return conclude({
    findings: Object.entries(anomalies).flatMap(([kind, found]) =>
      found.map(({ sentence, events }) => ({ kind, sentence, events })),
    ),
    count: Object.values(counts).reduce((sum, count) => sum + count, 0),
    broken: reason,
    vacuous: tooFew(acknowledged, minOperations, "operation was acknowledged", "operations were acknowledged"),
    unknown: valid === "unknown" ? reason : undefined,
    holds: `A legal order exists for ${counted(operations, "operation")}, ${acknowledged.toLocaleString("en-US")} of them acknowledged.`,
    figures: { operations, acknowledged, algorithm },
  });
};

function analyzerNamed(model: string): NonNullable<ReturnType<typeof LINEARIZABILITY_ANALYZERS.get>> {
  const analyzer = LINEARIZABILITY_ANALYZERS.get(model);
  if (analyzer === undefined) throw new TypeError(`there is no model ${JSON.stringify(model)}`);
  return analyzer;
}
