/** From a plan's system to the system. */
import type { SystemPlan } from "../history/plan.ts";
import { cluster } from "./cluster.ts";
import { etcd } from "./etcd.ts";
import { independent } from "./independent.ts";
import { sentinel } from "./sentinel.ts";
import { single } from "./single.ts";
import type { System } from "./system.ts";
import { zookeeper } from "./zookeeper.ts";

const SYSTEMS = { single, independent, sentinel, cluster, etcd, zookeeper } as const;

export function systemOf(plan: SystemPlan): System {
  return SYSTEMS[plan.kind](plan.options);
}
