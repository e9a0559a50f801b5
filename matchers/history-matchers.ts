/** Expectations of whole histories, such as `readHistory` and `loadHistory` of redquake/history give them. */
import type { Analysis, AnalysisOptions, Analyzer } from "../checkers/analysis.ts";
import { ELLE_ANALYZERS } from "../checkers/elle/analyzers.ts";
import { LINEARIZABILITY_ANALYZERS } from "../checkers/linearizability/analyzers.ts";
import type { Columns } from "../history/columns/columns.ts";
import { columnsOf } from "../history/columns/columns.ts";
import type { History } from "../history/history.ts";
import { didYouMean } from "../history/suggest.ts";
import { witnessTable } from "../report/witness-table.ts";
import type { MatcherOutcome } from "./outcome.ts";

export interface HistoryMatchers<R> {
  /** The operations could have been those of one such object, such as `register`, each at one moment of its own. */
  toBeLinearizable(model: string, options?: AnalysisOptions): R;
  /** The transactions (`list-append`, `rw-register`) could have run one after the other. */
  toBeSerializable(model: string, options?: AnalysisOptions): R;
}

export function toBeLinearizable(received: unknown, model: string, options: AnalysisOptions = {}): MatcherOutcome {
  return isValid("linearizable", received, analyzerNamed(model, LINEARIZABILITY_ANALYZERS), { model, options });
}

export function toBeSerializable(received: unknown, model: string, options: AnalysisOptions = {}): MatcherOutcome {
  const serializable = { consistencyModel: "serializable", ...options };
  return isValid("serializable", received, analyzerNamed(model, ELLE_ANALYZERS), { model, options: serializable });
}

function analyzerNamed(model: string, analyzers: ReadonlyMap<string, Analyzer>): Analyzer {
  const analyzer = analyzers.get(model);
  if (analyzer !== undefined) return analyzer;
  const names = [...analyzers.keys()];
  throw new TypeError(
    `there is no model ${JSON.stringify(model)}${didYouMean(model, names)}; there are ${names.join(", ")}`,
  );
}

/** What cannot be decided fails the expectation, and its opposite, too. */
function isValid(
  property: string,
  received: unknown,
  analyze: Analyzer,
  { model, options }: { readonly model: string; readonly options: AnalysisOptions },
): MatcherOutcome {
  const columns = columnsFrom(received);
  const analysis = analyze(columns, options);
  if (analysis.valid === "unknown")
    throw new Error(`nobody can say whether the history is ${property} (${model}): ${analysis.reason}`);
  return {
    pass: analysis.valid,
    message: () =>
      analysis.valid === true
        ? `expected the history not to be ${property} (${model}), but it is: ${analysis.reason}`
        : [`expected the history to be ${property} (${model})`, ...proofLines(columns, analysis)].join("\n"),
  };
}

function proofLines(columns: Columns, { reason, anomalies, witness }: Analysis): string[] {
  const kinds = Object.keys(anomalies);
  return [
    `  ${reason}`,
    ...(kinds.length === 0 ? [] : [`  found: ${kinds.join(", ")}`]),
    ...(witness.length === 0 ? [] : witnessTable(columns, witness).map((line) => `    ${line}`)),
  ];
}

function columnsFrom(received: unknown): Columns {
  if (typeof received === "object" && received !== null) {
    // `readHistory` and `loadHistory` resolve with warnings beside the history itself.
    if ("history" in received) return columnsFrom(received.history);
    if ("columns" in received) return columnsFrom(received.columns);
    if ("tape" in received) return received as Columns;
    if ("events" in received && Array.isArray(received.events)) return columnsOf(received as History);
  }
  throw new TypeError("expect(…).toBeLinearizable and .toBeSerializable are for a history of redquake/history");
}
