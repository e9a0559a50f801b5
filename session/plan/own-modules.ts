/** Modules of the user's own that plans name: they are code, and run only where the user has asked for them. */
import type { OwnChecker } from "../../checkers/registry.ts";
import { addChecker } from "../../checkers/registry.ts";
import type { Plan } from "../../history/plan.ts";
import { loadModule } from "../../machine/load-module.ts";
import { kindOf } from "../../machine/own-kind.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { moduleCode } from "../../runner/plan/plan-code.ts";
import { loadOwnModules } from "../../runner/plan/own-modules.ts";

/** Which module has which checker. */
const homes = new Map<string, string>();

/** The module that a checker of the user's own is exported from; undefined for those of redquake. */
export function moduleOfChecker(name: string): string | undefined {
  return homes.get(name);
}

/** The user has asked for these in this process. */
const asked = new Set<string>();

/**
 * Loads what the plan's modules export: workloads, faults and checkers.
 * @throws UsageError when a module cannot be loaded, or when a kind has the name of another one.
 */
export async function loadModulesOf(plan: Pick<Plan, "modules">): Promise<void> {
  const { modules = [] } = plan;
  try {
    await loadOwnModules(plan);
    for (const file of modules) {
      for (const value of await loadModule(file)) {
        if (kindOf(value) !== "checker") continue;
        addChecker(value as OwnChecker);
        homes.set((value as OwnChecker).name, file);
      }
      asked.add(file);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${modules.join(", ")} cannot be used: ${error.message}`, { cause: error });
  }
}

/** What must be allowed before the plan's modules are loaded here, in the words of `codeIn`. */
export function withheldModules({ modules = [] }: Pick<Plan, "modules">, allowed: readonly string[]): string[] {
  return modules
    .filter((file) => !asked.has(file))
    .map(moduleCode)
    .filter((code) => !allowed.includes(code));
}
