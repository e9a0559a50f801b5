/** The runs that repeat the plan of a stored run. */
import { commandName } from "../../machine/user-folder.ts";
import { assertUnchanged, sourceInPlan } from "../../workloads/adapter/adapter-source.ts";
import { shellQuoted } from "../shell-quoted.ts";
import { storedRunFolder } from "../stored-run-folder.ts";
import { checkPlan } from "./check-plan.ts";
import type { Job } from "./job.ts";
import { runnablePlan } from "./runnable-plan.ts";

/**
 * @param named the folder of the stored run, as the user named it
 * @param allowed what the plan may execute, each in the words with which it was refused
 * @throws UsageError when the plan cannot be carried out, or would execute what was not allowed.
 */
export async function replayJobs(named: string, allowed: readonly string[], repeat: number): Promise<readonly Job[]> {
  const folder = await storedRunFolder(named);
  const plan = await runnablePlan(folder, named, allowed);
  checkPlan(plan, { hasOwnFaults: false });
  const { adapter } = plan.options;
  if (adapter !== undefined) assertUnchanged(sourceInPlan(adapter));
  const permissions = allowed.map((code) => ` --allow-code ${shellQuoted(code)}`).join("");
  const job: Job = { plan, commandLine: `${commandName()} replay ${shellQuoted(folder)}${permissions}` };
  return Array.from({ length: repeat }, () => job);
}
