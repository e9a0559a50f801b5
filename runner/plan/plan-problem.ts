/**
 * What is wrong with a plan that has the right shape (`history/plan-schema.ts`), found out before anything is started.
 */
import type { Plan } from "../../history/plan.ts";
import { faultProblems } from "../../nemesis/fault-problems.ts";
import { unknownNames } from "../../nemesis/schedule/names.ts";
import { RESOURCE } from "../../nemesis/targets.ts";
import { systemOf } from "../../systems/registry.ts";
import { roleNamed } from "../../workloads/registry.ts";

/** Names of files and links that are not a worker's. */
const TAKEN = new Set(["toxiproxy", "nemesis", RESOURCE]);
const MOST_NODES = 50;

/** In a sentence without its end; undefined where nothing is known to be wrong. */
export function planProblem(plan: Plan): string | undefined {
  const nodes = systemOf(plan.system).specs.map(({ name }) => name);
  if (nodes.length > MOST_NODES) return `its system has ${nodes.length} nodes, and at most ${MOST_NODES} are started`;
  const workers = plan.workers.map(({ name }) => name);
  const taken = workers.find((name) => nodes.includes(name) || TAKEN.has(name));
  if (taken !== undefined) return `a worker has the name ${JSON.stringify(taken)}, which is not one for workers`;
  try {
    for (const { role } of plan.workers) roleNamed(plan.workload, role);
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
  const [problem] = faultProblems(plan.faults);
  if (problem !== undefined) return problem;
  const [unknown] = unknownNames(plan.faults, { nodes: [...nodes, RESOURCE], workers });
  return unknown === undefined
    ? undefined
    : `the fault ${JSON.stringify(unknown.fault)} names ${JSON.stringify(unknown.name)}, and there are only ${unknown.allowed.join(", ")}`;
}
