/** What `verdict.json` holds: the judgement of every claim of a plan over one history. */
import type { Claim } from "../../history/plan.ts";
import type { CheckResult } from "../checker.ts";

/** How a campaign ended, worst first: the order in which they outrank each other. */
export type CampaignOutcome = "failed" | "undecided" | "not-demonstrated" | "not-applicable" | "passed";

export interface JudgedClaim {
  /**
   * As in the plan, but for its standing where the lock that was tested says nothing to its holders: then no more than
   * `hoped`.
   */
  readonly claim: Claim;
  readonly result: CheckResult;
  /**
   * The claim is not about what was tested: a planned fault can never strike it (a lock that cannot be extended, for
   * example), or it has nothing that the checker looks at, such as fencing tokens. Never so where the campaign says
   * what it expects, nor where the claim is broken.
   */
  readonly inapplicable?: true;
}

export interface Verdict {
  readonly version: 1;
  readonly campaign: string;
  readonly seed: number;
  /**
   * `failed`: a promised claim is broken. `undecided`: a claim is vacuous or unknown. `not-demonstrated`: a claim was
   * expected to break and held. `not-applicable`: no claim is about what was tested. `passed`: all as it should be.
   */
  readonly outcome: CampaignOutcome;
  /** The outcome in one plain sentence. */
  readonly sentence: string;
  readonly claims: readonly JudgedClaim[];
  /** Why no claim can be trusted, such as a fault whose probe failed; empty in a sound run. */
  readonly doubts: readonly string[];
}

/** Exit codes of the command line; a broken promise outranks an undecided claim. */
export const EXIT_CODES: Readonly<Record<CampaignOutcome, 0 | 1 | 2>> = {
  failed: 1,
  undecided: 2,
  "not-demonstrated": 2,
  // Nothing is said of a lock that a campaign is not for, as if it had never been run.
  "not-applicable": 0,
  passed: 0,
};
