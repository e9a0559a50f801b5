/** From a plan's system to the system. */
import type { z } from "zod";
import type { SystemPlan } from "../history/plan.ts";
import { cluster, CLUSTER_OPTIONS } from "./cluster.ts";
import { etcd, ETCD_OPTIONS } from "./etcd.ts";
import { independent, INDEPENDENT_OPTIONS } from "./independent.ts";
import { sentinel, SENTINEL_OPTIONS } from "./sentinel.ts";
import { single, SINGLE_OPTIONS } from "./single.ts";
import type { System } from "./system.ts";
import { zookeeper, ZOOKEEPER_OPTIONS } from "./zookeeper.ts";

const SYSTEMS = { single, independent, sentinel, cluster, etcd, zookeeper } as const;

/** What each system takes. */
export const SYSTEM_OPTIONS = {
  single: SINGLE_OPTIONS,
  independent: INDEPENDENT_OPTIONS,
  sentinel: SENTINEL_OPTIONS,
  cluster: CLUSTER_OPTIONS,
  etcd: ETCD_OPTIONS,
  zookeeper: ZOOKEEPER_OPTIONS,
} satisfies Readonly<Record<SystemPlan["kind"], z.ZodObject>>;

/** What a plan may say of a system of this kind. */
export type SystemOptionsOf<Kind extends SystemPlan["kind"]> = z.input<(typeof SYSTEM_OPTIONS)[Kind]>;

/** @throws TypeError when it has an option that there is not, or a wrong one. */
export function systemOf(plan: SystemPlan): System {
  return SYSTEMS[plan.kind](plan.options);
}
