/** `redquake replay RUN`: runs a stored plan again. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { assertUnchanged, sourceInPlan } from "../workloads/lock/adapter-source.ts";
import { readStoredRun } from "../report/stored-run.ts";
import { checkSteps } from "./check-plan.ts";
import type { Job } from "./run-campaigns.ts";
import type { SessionFlags } from "./run-session.ts";
import { runSession } from "./run-session.ts";
import { storedRunFolder } from "./stored-run-folder.ts";
import { UsageError } from "./usage-error.ts";
import { commandName } from "./user-folder.ts";

export interface ReplayFlags extends SessionFlags {
  readonly repeat: number;
}

/** Resolves with the exit code. */
export async function replayCommand(named: string, flags: ReplayFlags): Promise<number> {
  const folder = await storedRunFolder(named);
  if (!existsSync(join(folder, "plan.json"))) {
    throw new UsageError(
      `${JSON.stringify(named)} has no plan.json, so it cannot be run again: name the folder of a stored run`,
    );
  }
  const { plan, warnings } = await readStoredRun(folder);
  const damage = warnings.find((warning) => warning.startsWith("plan.json"));
  if (damage !== undefined) throw new UsageError(`${named} cannot be run again: ${damage}`);
  checkSteps(plan);
  const { adapter } = plan.options;
  if (adapter !== undefined) assertUnchanged(sourceInPlan(adapter));
  return runSession(async () => {
    const job: Job = {
      plan,
      commandLine: `${commandName()} replay ${JSON.stringify(folder)}`,
    };
    return Array.from({ length: flags.repeat }, () => job);
  }, flags);
}
