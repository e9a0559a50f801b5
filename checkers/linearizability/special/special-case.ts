/**
 * The contract of a special case: an algorithm that decides histories of one model in near-linear time, where they have
 * what it needs. It must be exact where it decides, and say why where it does not.
 */
import type { Json } from "../../../history/operation.ts";
import type { AnalysisOptions } from "../../analysis.ts";
import type { Entries } from "../entries.ts";

export type SpecialVerdict =
  | { readonly kind: "legal" }
  | {
      readonly kind: "illegal";
      readonly sentence: string;
      /** Indexes of the events that prove it, rising: invocations with their completions. */
      readonly events: readonly number[];
      /** The entry of an operation whose answer comes from nowhere, so that a failed operation may explain it. */
      readonly unexplained?: number;
      readonly detail?: { readonly [name: string]: Json };
    }
  | { readonly kind: "inapplicable"; readonly why: string };

export interface SpecialCase {
  /** As `Analysis.algorithm` has it. */
  readonly algorithm: string;
  decide(entries: Entries, options: AnalysisOptions): SpecialVerdict;
}
