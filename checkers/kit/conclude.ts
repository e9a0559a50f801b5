/** From what a checker found to its result. What the history proves outranks what it leaves open. */
import type { History } from "../../history/history.ts";
import { NO_PARTNER } from "../../history/columns/columns.ts";
import type { Json } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { MAX_FINDINGS } from "../checker.ts";

export interface Conclusion {
  /**
   * What was judged: every operation that a finding names is shown to its end, so that nobody takes it for one that
   * never ended.
   */
  readonly history: History;
  readonly findings: readonly Finding[];
  /** How many violations there were in all. */
  readonly count: number;
  /** The reason where there are violations. */
  readonly broken: string;
  /** Why the test meant nothing, where that is so. */
  readonly vacuous?: string | undefined;
  /** Whether `vacuous` says that there is nothing the checker is about. */
  readonly inapplicable?: boolean;
  /** Why the history does not decide, where that is so. */
  readonly unknown?: string | undefined;
  /** The reason where all is well. */
  readonly holds: string;
  readonly figures: { readonly [name: string]: Json };
}

/** Broken, when anything was found; else vacuous, unknown or holds, in this order. */
export function conclude(conclusion: Conclusion): CheckResult {
  const { history, count, broken, vacuous, unknown, holds, figures } = conclusion;
  const findings = wholeOperations(conclusion.findings, history);
  if (count > 0) return { verdict: "broken", reason: broken, findings, count, figures };
  if (vacuous !== undefined) {
    const result = { verdict: "vacuous", reason: vacuous, findings: [], count: 0, figures } as const;
    return conclusion.inapplicable === true ? { ...result, inapplicable: true } : result;
  }
  if (unknown !== undefined) return { verdict: "unknown", reason: unknown, findings: [], count: 0, figures };
  return { verdict: "holds", reason: holds, findings: [], count: 0, figures };
}

/**
 * There is nothing in the history that the claim is about: where locks were granted, or leaders elected, at all, it is
 * not about these.
 */
export function notAbout(reason: string, grants: number): CheckResult {
  const nothing = { findings: [], count: 0, figures: { grants } };
  return { verdict: "vacuous", reason, ...nothing, ...(grants > 0 ? { inapplicable: true } : {}) };
}

/** Findings that show their operations from the invocation to the completion. */
function wholeOperations(findings: readonly Finding[], history: History): readonly Finding[] {
  if (findings.length === 0) return findings;
  const { partner } = history.columns;
  const other = (event: number): number => partner[event] ?? NO_PARTNER;
  return findings.map((finding) => {
    const events = new Set(
      finding.events.flatMap((event) => (other(event) === NO_PARTNER ? [event] : [event, other(event)])),
    );
    return { ...finding, events: [...events].sort((a, b) => a - b) };
  });
}

/** Writes findings for the clearest violations only: sentences are dear when there are many thousands. */
export function clearest<Violation>(
  violations: readonly Violation[],
  clearerFirst: (a: Violation, b: Violation) => number,
  write: (violation: Violation) => Finding,
): Finding[] {
  return [...violations].sort(clearerFirst).slice(0, MAX_FINDINGS).map(write);
}
