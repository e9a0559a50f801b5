/**
 * The contract of every checker: a pure function from a history to what the history proves, with all that must be known
 * of it before a run. `checkerOf` makes one, and `consistencyChecker` one whose result has an analysis.
 */
import type { z } from "zod";
import type { History } from "../history/history.ts";
import type { ClaimVerdict } from "../history/plan.ts";
import type { Analysis } from "./analysis.ts";
import type { Coverage } from "./kit/coverage.ts";
import type { Json } from "../history/operation.ts";
import type { ExerciseOf } from "./kit/exercise.ts";
import type { LockSubject } from "./lock/subject.ts";

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
  /** What a checker of whole histories says besides; a claim of a campaign goes without it. */
  readonly analysis?: Analysis;
  /** What was done under the faults; only where a claim of a plan was judged by a history that may be trusted. */
  readonly coverage?: Coverage;
  /**
   * What was tested has nothing that the checker is about, such as fencing tokens: the history is not merely too small.
   * Only with `vacuous`.
   */
  readonly inapplicable?: true;
}

/** A checker never throws on a well-formed history; options that make no sense are a `TypeError`. */
export type Check = (history: History, options: { readonly [key: string]: Json }) => CheckResult;

export interface Checker<Name extends string = string, Schema extends z.ZodType = z.ZodType> {
  /**
   * @throws TypeError that names every option that makes no sense.
   * @throws ValueError, MisuseError where the history is not one that it can judge.
   */
  (history: History, options: { readonly [key: string]: unknown }): CheckResult;
  /** Kebab-case, as claims and the command line call it. */
  readonly name: Name;
  readonly options: Schema;
  /** What has to happen under each fault before a claim that this checker judges can hold. */
  readonly exercise: ExerciseOf;
  /** What its claims judge, where that is a lock; undefined for claims about something else. */
  readonly lock?: ((options: { readonly [key: string]: Json }) => LockSubject | undefined) | undefined;
}

/** How many findings a result carries; `count` has the rest. */
export const MAX_FINDINGS = 20;
