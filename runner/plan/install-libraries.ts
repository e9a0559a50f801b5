/**
 * The packages of the libraries that are to be tested, which are no dependencies of redquake, made ready before
 * anything starts.
 */
import type { Plan } from "../../history/plan.ts";
import type { ClientLibrary } from "../../workloads/clients/client-library.ts";
import { installClientLibrary } from "../../workloads/clients/client-library.ts";
import { ADAPTER_KINDS, kindThatHas } from "../../workloads/adapter-kinds.ts";
import { queueLibraryNamed } from "../../workloads/jobs/queue-library.ts";
import type { AdapterSource } from "../../workloads/adapter/adapter-source.ts";
import { shippedName, sourceInPlan } from "../../workloads/adapter/adapter-source.ts";

/** @throws HostError naming the command that failed, when it cannot be installed. */
export async function installAdapter(source: AdapterSource): Promise<void> {
  if (source.kind !== "shipped") return;
  const name = shippedName(source);
  await install([kindThatHas(name)?.shelf.packageOf(name)]);
}

/**
 * All that the plan's workers open.
 * @throws HostError naming the command that failed, when one cannot be installed.
 */
export async function installLibraries(plan: Plan): Promise<void> {
  const { adapter } = plan.options;
  if (adapter !== undefined) return installAdapter(sourceInPlan(adapter));
  const adapters = ADAPTER_KINDS.flatMap(({ kind, shelf }) => named(plan, kind).map((name) => shelf.packageOf(name)));
  await install([...adapters, ...named(plan, "queue").map(queueLibraryNamed)]);
}

/** What the plan and its workers give for an option, each once. */
function named(plan: Plan, option: string): string[] {
  const given = [plan.options, ...plan.workers.map(({ options }) => options)].map((options) => options[option]);
  return [...new Set(given.filter((value) => typeof value === "string"))];
}

async function install(libraries: readonly (ClientLibrary | undefined)[]): Promise<void> {
  for (const library of libraries) if (library !== undefined) await installClientLibrary(library);
}
