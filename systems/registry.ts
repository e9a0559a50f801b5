/** From a plan's system to the system. */
import type { SystemPlan } from "../history/plan.ts";
import { cluster } from "./cluster.ts";
import { independent } from "./independent.ts";
import { sentinel } from "./sentinel.ts";
import { single } from "./single.ts";
import type { System } from "./system.ts";

const SYSTEMS = { single, independent, sentinel, cluster } as const;

export function systemOf(plan: SystemPlan): System {
  return SYSTEMS[plan.kind](plan.options);
}
