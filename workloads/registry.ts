/** All workloads, by the name that plans use. */
import { deliveryWorkload } from "./delivery/workload.ts";
import { cacheWorkload } from "./cache/workload.ts";
import { clientWorkload } from "./client/workload.ts";
import { jobsWorkload } from "./jobs/workload.ts";
import { leaderWorkload } from "./leader/workload.ts";
import { lockWorkload } from "./lock/workload.ts";
import { pubsubWorkload } from "./pubsub/workload.ts";
import { registerWorkload } from "./register/workload.ts";
import { setWorkload } from "./set/workload.ts";
import { streamWorkload } from "./stream/workload.ts";
import type { z } from "zod";
import type { Role, Workload } from "./role.ts";

const DECLARED = {
  lock: lockWorkload,
  leader: leaderWorkload,
  pubsub: pubsubWorkload,
  stream: streamWorkload,
  jobs: jobsWorkload,
  delivery: deliveryWorkload,
  client: clientWorkload,
  set: setWorkload,
  register: registerWorkload,
  cache: cacheWorkload,
};

/** The name of a workload that redquake has. */
export type WorkloadName = keyof typeof DECLARED;

type RolesOf<Work extends WorkloadName | Workload> = Work extends WorkloadName
  ? (typeof DECLARED)[Work] extends { readonly roles: infer Roles }
    ? Roles
    : never
  : Work extends Workload
    ? Work["roles"]
    : never;

type OwnRoleName<Work extends WorkloadName | Workload> = keyof RolesOf<Work> & string;

/** A role of the plan's workload, or `workload:role` of another one. */
export type RoleName<Work extends WorkloadName | Workload> =
  OwnRoleName<Work> | { [Other in WorkloadName]: `${Other}:${OwnRoleName<Other>}` }[WorkloadName];

type RoleOf<Work extends WorkloadName | Workload, Name extends string> = Name extends keyof RolesOf<Work>
  ? RolesOf<Work>[Name]
  : Name extends `${infer Other extends WorkloadName}:${infer Own}`
    ? RolesOf<Other>[Own & keyof RolesOf<Other>]
    : never;

/** What a plan may say to a worker of this role; what all workers share stands in the plan's own options. */
export type RoleOptionsOf<Work extends WorkloadName | Workload, Name extends string> =
  RoleOf<Work, Name> extends Role<infer Options>
    ? { readonly [Option in keyof z.input<Options>]?: Exclude<z.input<Options>[Option], undefined> }
    : never;

const known = new Map<string, Workload>(Object.entries(DECLARED));

export const WORKLOADS: ReadonlyMap<string, Workload> = known;

/** @throws TypeError when another workload has the name. */
export function addWorkload(workload: Workload): void {
  const before = known.get(workload.name);
  if (before !== undefined && before !== workload)
    throw new TypeError(`there is a workload ${JSON.stringify(workload.name)} already: choose another name`);
  known.set(workload.name, workload);
}

/** @throws TypeError naming the unknown workload and those that exist. */
function workloadNamed(name: string): Workload {
  const workload = WORKLOADS.get(name);
  if (workload === undefined)
    throw new TypeError(`there is no workload ${JSON.stringify(name)}; there are ${[...WORKLOADS.keys()].join(", ")}`);
  return workload;
}

/**
 * A worker's role: a name of the plan's workload, or `workload:role` of another one, for campaigns that combine
 * workloads.
 * @throws TypeError naming the role that does not exist.
 */
export function roleNamed(workload: string, role: string): Role {
  const [other, name] = role.includes(":") ? (role.split(":", 2) as [string, string]) : [workload, role];
  const { roles } = workloadNamed(other);
  const found = Object.hasOwn(roles, name) ? roles[name] : undefined;
  if (found === undefined) throw new TypeError(`the workload ${other} has no role ${JSON.stringify(name)}`);
  return found;
}
