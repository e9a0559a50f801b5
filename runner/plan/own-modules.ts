/** The workloads and faults of a user's own, which every process of a run loads before it needs them. */
import type { Plan } from "../../history/plan.ts";
import { loadModule } from "../../machine/load-module.ts";
import { kindOf } from "../../machine/own-kind.ts";
import type { FaultKind } from "../../nemesis/fault.ts";
import { addFault } from "../../nemesis/registry.ts";
import { addWorkload } from "../../workloads/registry.ts";
import type { Workload } from "../../workloads/role.ts";

/**
 * Loading a module twice changes nothing.
 * @throws UsageError when a module cannot be loaded; TypeError when a kind has the name of another one.
 */
export async function loadOwnModules({ modules = [] }: Pick<Plan, "modules">): Promise<void> {
  for (const file of modules) {
    for (const value of await loadModule(file)) {
      const kind = kindOf(value);
      if (kind === "workload") addWorkload(value as Workload);
      if (kind === "fault") addFault(value as FaultKind);
    }
  }
}
