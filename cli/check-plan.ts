/** What is wrong with a plan, found out before anything is started. */
import type { Plan } from "../history/plan.ts";
import { clashesIn } from "../nemesis/schedule/clashes.ts";
import { systemOf } from "../systems/registry.ts";
import { UsageError } from "./usage-error.ts";

/** @throws UsageError naming two steps of its schedule that make no sense together, and the remedy. */
export function checkSteps(plan: Plan): void {
  const nodes = systemOf(plan.system).specs.map(({ name }) => name);
  const workers = plan.workers.map(({ name }) => name);
  const [first] = clashesIn(plan.faults, { nodes, workers });
  if (first !== undefined)
    throw new UsageError(`the faults of ${plan.campaign} make no sense together: ${first.sentence}`);
}
