/** Faults that were drawn, and in a sentence or two how. */
import type { FaultPlan } from "../../history/plan.ts";

export interface Schedule {
  readonly faults: readonly FaultPlan[];
  readonly description: string;
}
