/** `redquake replay RUN`: runs a stored plan again. */
import { assertUnchanged, sourceInPlan } from "../../../workloads/lock/adapter-source.ts";
import { checkPlan } from "../../../session/plan/check-plan.ts";
import type { Job } from "../../../session/plan/job.ts";
import type { SessionFlags } from "./run-session.ts";
import { runSession } from "./run-session.ts";
import { runnablePlan } from "../../../session/plan/runnable-plan.ts";
import { shellQuoted } from "../../../session/shell-quoted.ts";
import { storedRunFolder } from "../../../session/judge/stored-run-folder.ts";
import { commandName } from "../../../machine/user-folder.ts";

export interface ReplayFlags extends SessionFlags {
  readonly repeat: number;
  /** What the plan may execute, each in the words with which it was refused. */
  readonly allowCode?: readonly string[];
}

/**
 * Resolves with the exit code.
 * @throws UsageError when the plan cannot be carried out, or would execute what was not allowed.
 */
export async function replayAction(named: string, flags: ReplayFlags): Promise<number> {
  const folder = await storedRunFolder(named);
  const allowed = flags.allowCode ?? [];
  const plan = await runnablePlan(folder, named, allowed);
  checkPlan(plan, { hasOwnFaults: false });
  const { adapter } = plan.options;
  if (adapter !== undefined) assertUnchanged(sourceInPlan(adapter));
  const permissions = allowed.map((code) => ` --allow-code ${shellQuoted(code)}`).join("");
  const job: Job = { plan, commandLine: `${commandName()} replay ${shellQuoted(folder)}${permissions}` };
  return runSession(
    Array.from({ length: flags.repeat }, () => job),
    flags,
  );
}
