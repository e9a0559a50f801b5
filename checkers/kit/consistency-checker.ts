/** Checkers of whole histories: they read columns, and their results have an analysis besides. */
import type { z } from "zod";
import type { Columns } from "../../history/columns/columns.ts";
import type { Analysis } from "../analysis.ts";
import type { CheckResult, Checker } from "../checker.ts";
import { MAX_FINDINGS } from "../checker.ts";
import { namedChecker } from "./checker-of.ts";
import { namedBy } from "./exercise.ts";
import { readOptions } from "./options.ts";

export interface ConsistencyChecker<Name extends string = string, Schema extends z.ZodType = z.ZodType> extends Checker<
  Name,
  Schema
> {
  /** The analysis alone, of a history in columns. */
  readonly analyze: (columns: Columns, options: { readonly [option: string]: unknown }) => Analysis;
}

export interface ConsistencyDeclaration<Name extends string, Schema extends z.ZodType> extends Pick<
  Checker<Name, Schema>,
  "name" | "options"
> {
  /**
   * Given options that the schema has read.
   * @throws MisuseError when the history is not one that it can judge.
   */
  analyze(columns: Columns, options: z.output<Schema>): Analysis;
}

export function consistencyChecker<const Name extends string, Schema extends z.ZodType>({
  name,
  options: schema,
  analyze,
}: ConsistencyDeclaration<Name, Schema>): ConsistencyChecker<Name, Schema> {
  const analyzed = (columns: Columns, options: { readonly [option: string]: unknown }): Analysis =>
    analyze(columns, readOptions(name, schema, options));
  const known = { name, options: schema, exercise: namedBy("operations"), analyze: analyzed };
  return namedChecker(known, ({ columns }, options) => resultOf(analyzed(columns, options)));
}

/** The result that an analysis stands for. */
export function resultOf(analysis: Analysis): CheckResult {
  const { valid, vacuous, reason, algorithm, operations, anomalies, counts, not } = analysis;
  const findings = Object.entries(anomalies).flatMap(([kind, found]) =>
    found.map(({ sentence, events }) => ({ kind, sentence, events })),
  );
  return {
    reason: asSentence(reason),
    findings: findings.slice(0, MAX_FINDINGS),
    count: Object.values(counts).reduce((sum, count) => sum + count, 0),
    figures: { operations, algorithm, ...(not.length > 0 ? { not } : undefined), ...analysis.figures },
    verdict: valid === "unknown" ? (vacuous === true ? "vacuous" : "unknown") : valid ? "holds" : "broken",
    analysis,
  };
}

function asSentence(reason: string): string {
  const capital = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`;
  return capital.endsWith(".") ? capital : `${capital}.`;
}

/** The checkers' analyses by their names. */
export function analyzersOf(checkers: readonly ConsistencyChecker[]): Map<string, ConsistencyChecker["analyze"]> {
  return new Map(checkers.map(({ name, analyze }) => [name, analyze]));
}
