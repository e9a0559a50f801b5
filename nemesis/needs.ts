/** What faults need of the host and of the machine, beside what every run has. */
import type { FaultPlan } from "../history/plan.ts";
import type { Need } from "./fault.ts";
import { faultKind } from "./registry.ts";

/** @throws TypeError naming a kind of fault that does not exist. */
export function needsOfFaults(faults: readonly FaultPlan[]): Set<Need> {
  return new Set(faults.flatMap(({ kind }) => faultKind(kind).needs ?? []));
}
