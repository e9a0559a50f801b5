/**
 * What is wrong with a plan that has the right shape (`history/plan-schema.ts`), found out before anything is started.
 */
import type { Barrier, Claim, Moment, Plan } from "../../history/plan.ts";
import type { Json } from "../../history/operation.ts";
import { didYouMean } from "../../history/suggest.ts";
import { faultProblems } from "../../nemesis/fault-problems.ts";
import { unknownNames } from "../../nemesis/schedule/names.ts";
import { RESOURCE } from "../../nemesis/targets.ts";
import { systemOf } from "../../systems/registry.ts";
import { roleNamed } from "../../workloads/registry.ts";
import type { Role } from "../../workloads/role.ts";

/** Names of files and links that are not a worker's. */
const TAKEN = new Set(["toxiproxy", "nemesis", RESOURCE]);
const MOST_NODES = 50;

/** The options in which claims name a fault. */
const FAULT_OPTIONS = ["fault", "afterFault", "fromFault"];

/** In a sentence without its end; undefined where nothing is known to be wrong. */
export function planProblem(plan: Plan): string | undefined {
  try {
    return (
      namesProblem(plan) ??
      optionsProblem(plan) ??
      faultProblems(plan.faults)[0] ??
      unknownTarget(plan) ??
      momentProblem(plan) ??
      barrierProblem(plan) ??
      claimsProblem(plan)
    );
  } catch (error) {
    // The system or a role does not exist, or the system has an option that is wrong.
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

function namesProblem(plan: Plan): string | undefined {
  const nodes = systemOf(plan.system).specs.map(({ name }) => name);
  if (nodes.length > MOST_NODES) return `its system has ${nodes.length} nodes, and at most ${MOST_NODES} are started`;
  const taken = plan.workers.find(({ name }) => nodes.includes(name) || TAKEN.has(name));
  if (taken !== undefined) return `a worker has the name ${JSON.stringify(taken.name)}, which is not one for workers`;
  const twice = twin(plan.workers.map(({ name }) => name));
  return twice === undefined ? undefined : `two workers have the name ${JSON.stringify(twice)}`;
}

/** What nobody takes is misspelt; a worker's own options must be those of its role. */
function optionsProblem({ workload, options, workers }: Plan): string | undefined {
  const roles = workers.map((worker) => ({ worker, role: roleNamed(workload, worker.role) }));
  const known = new Set(roles.flatMap(({ role }) => Object.keys(role.options.shape)));
  const stray = Object.keys(options).find((name) => !known.has(name));
  if (stray !== undefined) return unknownOption(`the workload ${workload}`, stray, [...known]);
  for (const { worker, role } of roles) {
    const names = Object.keys(role.options.shape);
    const own = Object.keys(worker.options).find((name) => !names.includes(name));
    if (own !== undefined) return unknownOption(`${worker.name} (${worker.role})`, own, names);
    const wrong = wrongOption(role, { ...options, ...worker.options });
    if (wrong !== undefined) return `${wrong} of ${worker.name} (${worker.role})`;
  }
  return undefined;
}

function unknownOption(whose: string, name: string, names: readonly string[]): string {
  return `${whose} has no option ${JSON.stringify(name)}${didYouMean(name, names)}; it takes ${names.join(", ")}`;
}

function wrongOption({ options: schema }: Role, options: { readonly [name: string]: Json }): string | undefined {
  const own = Object.entries(options).filter(([name]) => Object.hasOwn(schema.shape, name));
  const { error } = schema.safeParse(Object.fromEntries(own));
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return undefined;
  const name = String(issue.path[0]);
  return `there is a wrong option ${JSON.stringify(name)}, ${JSON.stringify(options[name])} (${issue.message})`;
}

function unknownTarget(plan: Plan): string | undefined {
  const nodes = systemOf(plan.system).specs.map(({ name }) => name);
  const workers = plan.workers.map(({ name }) => name);
  const [unknown] = unknownNames(plan.faults, { nodes: [...nodes, RESOURCE], workers });
  return unknown === undefined
    ? undefined
    : `the fault ${JSON.stringify(unknown.fault)} names ${JSON.stringify(unknown.name)}, and there are only ${unknown.allowed.join(", ")}`;
}

/** A moment that never comes: its fault does not exist, or waits for this one, too. */
function momentProblem({ faults, workers }: Plan): string | undefined {
  const ids = faults.map(({ id }) => id);
  const twice = twin(ids);
  if (twice !== undefined) return `two faults have the id ${JSON.stringify(twice)}`;
  for (const { id, start, end } of faults) {
    const stray = [...waitedFor(start), ...waitedFor(end)].find((each) => !ids.includes(each));
    if (stray !== undefined)
      return `the fault ${JSON.stringify(id)} waits for the fault ${JSON.stringify(stray)}${didYouMean(stray, ids)}, which does not exist`;
    const met = (start.and ?? [])
      .map(({ worker }) => worker)
      .find((name) => !workers.some((each) => each.name === name));
    if (met !== undefined) return `the fault ${JSON.stringify(id)} waits for ${met}, and there is no such worker`;
    const circle = circleFrom(id, faults);
    if (circle !== undefined) return `the faults ${circle.join(", ")} wait for each other, so that none of them begins`;
  }
  return undefined;
}

function waitedFor(moment: Moment | undefined): string[] {
  const held = barriersOf(moment).flatMap(({ holdUntilHealed }) => holdUntilHealed ?? []);
  return [...(moment?.after === undefined ? [] : [moment.after.fault]), ...held];
}

/** The faults that each begin after the next one, where that leads back to the first. */
function circleFrom(id: string, faults: Plan["faults"]): string[] | undefined {
  const path = [id];
  for (;;) {
    const next = faults.find((fault) => fault.id === path.at(-1))?.start.after?.fault;
    if (next === undefined || (next !== id && path.includes(next))) return undefined;
    if (next === id) return path;
    path.push(next);
  }
}

/** A worker that never gets to a barrier would be waited for in vain. */
function barrierProblem({ workload, workers, faults }: Plan): string | undefined {
  for (const { id, start, end } of faults) {
    for (const { worker: name, point } of [start, end].flatMap(barriersOf)) {
      const worker = workers.find((each) => each.name === name);
      if (worker === undefined) continue;
      const points = Object.keys(roleNamed(workload, worker.role).barriers);
      if (points.includes(point)) continue;
      const there = points.length === 0 ? "it has none" : `it has ${points.join(", ")}`;
      return `the fault ${JSON.stringify(id)} waits for ${name} (${worker.role}) at the barrier ${JSON.stringify(point)}${didYouMean(point, points)}; ${there}`;
    }
  }
  return undefined;
}

function barriersOf(moment: Moment | undefined): readonly Barrier[] {
  return [...(moment?.at === undefined ? [] : [moment.at]), ...(moment?.and ?? [])];
}

function claimsProblem({ claims }: Plan): string | undefined {
  const twice = twin(claims.map(({ id }) => id));
  return twice === undefined ? undefined : `two claims have the id ${JSON.stringify(twice)}`;
}

/**
 * A claim is about a fault that the plan does not have, in a sentence without its end. A campaign must not be so; a
 * plan can be, because other faults may have taken the place of the campaign's own.
 */
export function missingFault({ claims, faults }: Plan): string | undefined {
  const ids = faults.map(({ id }) => id);
  for (const claim of claims) {
    const stray = faultsNamedBy(claim).find((id) => !ids.includes(id));
    if (stray !== undefined)
      return `the claim ${JSON.stringify(claim.id)} names the fault ${JSON.stringify(stray)}${didYouMean(stray, ids)}; there are ${ids.join(", ") || "none"}`;
  }
  return undefined;
}

function faultsNamedBy({ options, needs }: Claim): string[] {
  const named = FAULT_OPTIONS.flatMap((option) => (typeof options[option] === "string" ? [options[option]] : []));
  return [...named, ...Object.keys(needs?.except ?? {})];
}

function twin(names: readonly string[]): string | undefined {
  return names.find((name, i) => names.indexOf(name) !== i);
}
