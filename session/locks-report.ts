/** Stored runs of campaigns of locks, with all that a document on them needs. */
import { z } from "zod";
import { FileRefusal } from "../history/readers/open-file.ts";
import type { Plan } from "../history/plan.ts";
import { visibleLine } from "../history/visible.ts";
import { UsageError } from "../machine/usage-error.ts";
import { shownPath, userPath } from "../machine/user-folder.ts";
import type { DocumentedLockRun } from "../report/locks/lock-document.ts";
import { readDocument } from "../store/own-files.ts";
import { planFile } from "../store/stored-files.ts";
import { listRuns } from "../store/stored-run.ts";

/**
 * From the oldest.
 * @param named the folder of results, as the user named it
 * @throws UsageError when there is no run of a campaign of locks, or the plan of one cannot be read.
 */
export async function documentedLockRuns(named: string): Promise<readonly DocumentedLockRun[]> {
  const runs: DocumentedLockRun[] = [];
  for (const { folder, campaign, run: facts, verdict } of (await listRuns(userPath(named))).toReversed()) {
    const lock = facts?.lock;
    if (facts === undefined || lock === undefined) continue;
    runs.push({ lock, campaign, verdict, facts, plan: await planOf(folder) });
  }
  if (runs.length === 0)
    throw new UsageError(
      `${JSON.stringify(named)} has no run of a campaign of locks: make some with campaigns locks --all-adapters --results ${named}`,
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
