/** One server. */
import type { SystemPlan } from "../history/plan.ts";
import { independent } from "./independent.ts";
import type { System } from "./system.ts";

export function single(options: SystemPlan["options"]): System {
  return { ...independent({ ...options, nodes: 1 }), kind: "single" };
}
