/**
 * What a checker of a whole history says besides its verdict, as `redquake check --model` shows it: the part of a
 * `CheckResult` that those of `linearizability/`, `elle/` and `invariants/` have.
 */
import type { Columns } from "../history/columns/columns.ts";
import type { Json } from "../history/operation.ts";
import { RedquakeError } from "../machine/redquake-error.ts";

/** Evidence first, as data whose shape does not change; the sentence says the same in words. */
export interface Anomaly {
  /** One sentence, or one for each step of a cycle. */
  readonly sentence: string;
  /**
   * Indexes of the events that prove it, rising: invocations with their completions. They alone give the same verdict.
   */
  readonly events: readonly number[];
  /** Keys, values, edges, states: whatever this kind of anomaly consists of. */
  readonly detail?: { readonly [name: string]: Json };
}

export interface Analysis {
  /** `unknown` outranks true, and false outranks `unknown`. */
  readonly valid: boolean | "unknown";
  /**
   * Only with `unknown`: no operation succeeded, or there are none, so that nothing could be shown; more of the same
   * would not decide either.
   */
  readonly vacuous?: true;
  /** One sentence: why. */
  readonly reason: string;
  /** How it was decided, such as `register zones` or `just-in-time linearization`. */
  readonly algorithm: string;
  /** How many client operations were judged. */
  readonly operations: number;
  /**
   * Found anomalies by their names in the literature, such as `nonlinearizable` or `G-single`; each list is capped, the
   * clearest first.
   */
  readonly anomalies: { readonly [name: string]: readonly Anomaly[] };
  /** How many of each there were in all. */
  readonly counts: { readonly [name: string]: number };
  /** The weakest consistency models that the anomalies rule out. */
  readonly not: readonly string[];
  /** Stronger models, which are ruled out with those. */
  readonly alsoNot?: readonly string[];
  /** Events of the clearest anomaly; empty where there is none. */
  readonly witness: readonly number[];
  /** Figures worth showing, such as how many elements were lost and how long others stayed out of sight. */
  readonly figures?: { readonly [name: string]: Json };
}

/** Bounds of a check. What is exceeded makes the verdict `unknown`, with the reason. */
export interface Budget {
  /** Milliseconds from the call. Default: none. */
  readonly timeMs?: number | undefined;
  /** Bytes that a search may hold. Default: 1 GiB. */
  readonly bytes?: number | undefined;
  /** Looked at every few thousand steps; for another thread, an Int32Array on shared memory that becomes non-zero. */
  readonly cancelled?: (() => boolean) | undefined;
}

export interface AnalysisOptions extends Budget {
  /** The state before the first operation; the model's own where it is left out. */
  readonly init?: Json | undefined;
  /** Values are `[key, value]`, and each key is an object of its own. */
  readonly byKey?: boolean | undefined;
  /** What the model takes besides, such as the limit of a semaphore. */
  readonly [option: string]: unknown;
}

/**
 * The analysis alone, of a history in columns.
 * @throws MisuseError when the history is not one that it can judge: an unknown `f`, a value of the wrong shape, an
 * assumption that does not hold.
 * @throws TypeError when an option makes no sense.
 */
export type Analyzer = (columns: Columns, options: AnalysisOptions) => Analysis;

/**
 * An analysis of a history in which so many operations succeeded (`ok`). Where none did, nothing contradicts the
 * promise because nobody got anywhere: that is no proof that it is kept.
 */
export function shownBy(succeeded: number, analysis: Analysis): Analysis {
  if (succeeded > 0 || analysis.valid === false) return analysis;
  const { operations, valid } = analysis;
  const reason =
    operations === 0
      ? "there are no operations, so nothing was shown"
      : `none of the ${operations} operations is known to have succeeded, so nothing was shown`;
  return { ...analysis, valid: "unknown", vacuous: true, reason: valid === true ? reason : analysis.reason };
}

/**
 * The checker was given something that it is not for. It names the event, and its line where the history comes from a
 * file.
 */
export class MisuseError extends RedquakeError {
  override readonly name = "MisuseError";
  readonly code = "REDQUAKE_MISUSE";
  readonly origin = "call";
  /** Index of the event; undefined when it is not about one. */
  readonly event: number | undefined;
  /** What is wrong, without the place. */
  readonly problem: string;

  constructor(problem: string, event?: number, columns?: Columns) {
    const line = event === undefined ? undefined : columns?.line?.[event];
    const place = event === undefined ? "" : line === undefined ? `event ${event}: ` : `line ${line}: `;
    super(`${place}${problem}`);
    this.event = event;
    this.problem = problem;
  }
}

/** How many anomalies of one name an analysis carries. */
export const MAX_ANOMALIES = 10;
