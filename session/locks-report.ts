/** Stored runs of campaigns with adapters of one kind, with all that a document on them needs. */
import { z } from "zod";
import { FileRefusal } from "../history/readers/open-file.ts";
import type { Plan } from "../history/plan.ts";
import { visibleLine } from "../history/visible.ts";
import { UsageError } from "../machine/usage-error.ts";
import { shownPath, userPath } from "../machine/user-folder.ts";
import type { DocumentedLockRun } from "../report/locks/lock-document.ts";
import { testedIn } from "../store/run-facts.ts";
import { readDocument } from "../store/own-files.ts";
import { planFile } from "../store/stored-files.ts";
import { listRuns } from "../store/stored-run.ts";
import type { AdapterKindName } from "../workloads/adapter/adapter.ts";
import { wordFor } from "./select/campaign-kinds.ts";

/**
 * From the oldest.
 * @param named the folder of results, as the user named it
 * @throws UsageError when there is no run of such a campaign, or the plan of one cannot be read.
 */
export async function documentedRuns(named: string, kind: AdapterKindName): Promise<readonly DocumentedLockRun[]> {
  const runs: DocumentedLockRun[] = [];
  for (const { folder, campaign, run: facts, verdict } of (await listRuns(userPath(named))).toReversed()) {
    const tested = facts === undefined ? undefined : testedIn(facts);
    if (facts === undefined || tested === undefined || (kind === "lock") !== (facts.lock !== undefined)) continue;
    const plan = await planOf(folder);
    if (kind !== "lock" && plan.workload !== kind) continue;
    runs.push({ lock: tested, campaign, verdict, facts, plan });
  }
  if (runs.length === 0)
    throw new UsageError(
      `${JSON.stringify(named)} has no run of a campaign of ${wordFor(kind)} with an adapter: make some with campaigns ${wordFor(kind)} --all-adapters --results ${named}`,
    );
  return runs;
}

async function planOf(folder: string): Promise<Plan> {
  try {
    return planFile.parse(await readDocument(folder, "plan.json"));
  } catch (error) {
    const isDamaged = error instanceof z.ZodError || error instanceof SyntaxError || error instanceof FileRefusal;
    if (!isDamaged && (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new UsageError(visibleLine(`${shownPath(folder)} has no plan.json that can be read: ${why}`));
  }
}
