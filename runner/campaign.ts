/** A campaign: a system, a workload, faults and claims, declared as a function from a seed to a plan. */
import type { Plan } from "../history/plan.ts";

export type Suite = "quick" | "standard" | "nightly";

export interface Campaign {
  /** Kebab-case and unique: the name on the command line and of the results' folder. */
  readonly name: string;
  readonly title: string;
  /** A campaign of `quick` is in `standard` too, one of `standard` in `nightly`. */
  readonly suite: Suite;
  /** Everything that a run needs to know. Pure: the same seed gives the same plan. */
  plan(seed: number): Plan;
}
