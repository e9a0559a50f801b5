/** The packages of the lock libraries that are to be tested, which are no dependencies of redquake, made ready before anything starts. */
import type { Plan } from "../history/plan.ts";
import { installClientLibrary } from "../workloads/clients/client-library.ts";
import type { AdapterSource } from "../workloads/lock/adapter-source.ts";
import { sourceInPlan } from "../workloads/lock/adapter-source.ts";
import { packageOf } from "../workloads/lock/locks/registry.ts";

/** @throws HostError naming the command that failed, when it cannot be installed. */
export async function installLock(source: AdapterSource): Promise<void> {
  if (source.kind === "shipped") await install([source.lock]);
}

/**
 * All that the plan's workers open.
 * @throws HostError naming the command that failed, when one cannot be installed.
 */
export async function installLocks(plan: Plan): Promise<void> {
  const { adapter } = plan.options;
  if (adapter !== undefined) return installLock(sourceInPlan(adapter));
  const named = [plan.options, ...plan.workers.map(({ options }) => options)].map(({ lock }) => lock);
  await install(named.filter((lock) => typeof lock === "string"));
}

async function install(locks: readonly string[]): Promise<void> {
  for (const lock of new Set(locks)) {
    const library = packageOf(lock);
    if (library !== undefined) await installClientLibrary(library);
  }
}
