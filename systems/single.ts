/** One server. */
import { z } from "zod";
import type { SystemPlan } from "../history/plan.ts";
import { CONFIG, systemOptions } from "./config-lines.ts";
import { servers } from "./independent.ts";
import type { System } from "./system.ts";

export const SINGLE_OPTIONS = z.strictObject(CONFIG);

export function single(options: SystemPlan["options"]): System {
  return servers("single", { ...systemOptions("single", SINGLE_OPTIONS, options), nodes: 1 });
}
