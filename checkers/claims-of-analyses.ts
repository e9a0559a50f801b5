/** Analyses of whole histories as checkers of a campaign's claims. */
import { z } from "zod";
import type { Columns } from "../history/columns/columns.ts";
import { onlyOperations, withoutLines } from "../history/columns/view.ts";
import type { Json } from "../history/operation.ts";
import { MisuseError } from "./analysis.ts";
import type { Analysis, Analyzer } from "./analysis.ts";
import type { CheckResult, Checker } from "./checker.ts";
import { MAX_FINDINGS } from "./checker.ts";
import { ELLE_ANALYZERS } from "./elle/analyzers.ts";
import { INVARIANT_ANALYZERS } from "./invariants/analyzers.ts";
import { LINEARIZABILITY_ANALYZERS } from "./linearizability/analyzers.ts";
import { readOptions } from "./kit/options.ts";
import { tooFew } from "./kit/words.ts";

/** A run must end; what it takes longer to decide is unknown. */
const DEFAULT_TIME_MS = 60_000;

/** `{ model, minOperations? = 1, … }`: the history is linearizable; the other options are those of the model. */
export const linearizableClaim = claimOf("linearizable", LINEARIZABILITY_ANALYZERS);

/**
 * `{ model: "list-append" | "rw-register", minOperations? = 1, … }`: nothing is found that `consistencyModel` forbids.
 */
export const elleClaim = claimOf("elle", ELLE_ANALYZERS);

/**
 * `{ model: "set-full" | "total-queue" | "bank" | "long-fork" | "monotonic" | "stale-reads" | "stats", minOperations? =
 * 1, … }`.
 */
export const invariantClaim = claimOf("invariant", INVARIANT_ANALYZERS);

function claimOf(name: string, analyzers: ReadonlyMap<string, Analyzer>): Checker {
  const schema = z.looseObject({
    model: z.enum([...analyzers.keys()]),
    /** With fewer operations than this, the test was too small. */
    minOperations: z.int().min(1).default(1),
    /**
     * Only operations of these names are looked at: those of one object, among others in the same run. Default: all.
     */
    operations: z.array(z.string()).nonempty().optional(),
    /** Only operations on these keys, whose values are `[key, value]`. Default: all. */
    keys: z.array(z.string()).nonempty().optional(),
  });
  return (history, options) => {
    const { model, minOperations, operations, keys, ...rest } = readOptions(name, schema, options);
    const analyze = analyzers.get(model) as Analyzer;
    try {
      const analysis = analyze(columnsAbout(withoutLines(history.columns), operations, keys), {
        timeMs: DEFAULT_TIME_MS,
        ...rest,
      });
      return asResult(analysis, minOperations);
    } catch (error) {
      // The other claims of the run read other operations.
      if (!(error instanceof MisuseError)) throw error;
      const reason = `The history is not one of the model ${model}: ${error.message}.`;
      return { verdict: "unknown", reason, findings: [], count: 0, figures: {} };
    }
  };
}

/** All events, so that each keeps its index; operations about something else belong to no client. */
function columnsAbout(
  columns: Columns,
  names: readonly string[] | undefined,
  keys: readonly string[] | undefined,
): Columns {
  if (names === undefined && keys === undefined) return columns;
  const { tape, f, value } = columns;
  const isNamed = columns.names.map((name) => names === undefined || names.includes(name));
  const isOfKey = (at: number): boolean =>
    keys === undefined || (tape.isArray(at) && tape.count(at) > 0 && keys.includes(String(tape.json(tape.first(at)))));
  return onlyOperations(
    columns,
    (invocation) => isNamed[f[invocation] ?? 0] === true && isOfKey(value[invocation] ?? 0),
  );
}

function asResult(analysis: Analysis, minOperations: number): CheckResult {
  const { valid, vacuous, reason, algorithm, operations, anomalies, counts, not } = analysis;
  const figures: { [name: string]: Json } = {
    operations,
    algorithm,
    ...(not.length > 0 ? { not } : undefined),
    ...analysis.figures,
  };
  const findings = Object.entries(anomalies).flatMap(([kind, found]) =>
    found.map(({ sentence, events }) => ({ kind, sentence, events })),
  );
  const result = {
    reason: asSentence(reason),
    findings: findings.slice(0, MAX_FINDINGS),
    count: Object.values(counts).reduce((sum, count) => sum + count, 0),
    figures,
  };
  if (valid === false) return { ...result, verdict: "broken" };
  const few = tooFew(operations, minOperations, "operation", "operations");
  if (few !== undefined) return { ...result, verdict: "vacuous", reason: few };
  return { ...result, verdict: valid === true ? "holds" : vacuous === true ? "vacuous" : "unknown" };
}

function asSentence(reason: string): string {
  const capital = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`;
  return capital.endsWith(".") ? capital : `${capital}.`;
}
