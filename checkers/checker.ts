/**
 * The contract of every checker: a pure function from a history to what the history proves.
 */
import type { History } from "../history/history.ts";
import type { ClaimVerdict } from "../history/plan.ts";
import type { Coverage } from "./kit/coverage.ts";
import type { Json } from "../history/operation.ts";

/** One violation, with the operations that prove it. */
export interface Finding {
  /** A word for the kind of violation, such as `overlap`, `stale-write`, `lost`. */
  readonly kind: string;
  /** What happened, in one sentence that a person understands. */
  readonly sentence: string;
  /** Indexes of the events that prove it, in the order of the story. */
  readonly events: readonly number[];
}

export interface CheckResult {
  /** `vacuous`: what had to happen for the test to mean anything did not. `unknown`: the history does not decide. */
  readonly verdict: ClaimVerdict;
  /** One sentence that gives the reason. */
  readonly reason: string;
  /** At most `MAX_FINDINGS`, the clearest first. */
  readonly findings: readonly Finding[];
  /** How many violations there were in all. */
  readonly count: number;
  /** Figures worth showing, such as `{ "grants": 312, "longest wait ms": 1043 }`. */
  readonly figures: { readonly [name: string]: Json };
  /** What was done under the faults; only where a claim of a plan was judged by a history that may be trusted. */
  readonly coverage?: Coverage;
  /**
   * What was tested has nothing that the checker is about, such as fencing tokens: the history is not merely too small.
   * Only with `vacuous`.
   */
  readonly inapplicable?: true;
}

/** A checker never throws on a well-formed history; options that make no sense are a `TypeError`. */
export type Checker = (history: History, options: { readonly [key: string]: Json }) => CheckResult;

/** How many findings a result carries; `count` has the rest. */
export const MAX_FINDINGS = 20;
