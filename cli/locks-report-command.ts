/** `redquake locks-report RESULTS`: what locks did in campaigns, as a document. Reads what is stored; nothing is run. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "../history/plan.ts";
import { lockDocument } from "../report/lock-document.ts";
import type { DocumentedLockRun } from "../report/lock-document.ts";
import { planFile } from "../report/stored-files.ts";
import { listRuns } from "../report/stored-run.ts";
import { EXIT } from "./exit-code.ts";
import { say } from "./say.ts";
import { UsageError } from "./usage-error.ts";
import { shownPath, userPath } from "./user-folder.ts";
import { writeOut } from "./write-out.ts";

export interface LocksReportFlags {
  /** Where the document goes; the standard output without it. */
  readonly out?: string;
}

/**
 * Resolves with the exit code.
 * @throws UsageError when there is no run of a campaign of locks.
 */
export async function locksReportCommand(named: string, flags: LocksReportFlags): Promise<number> {
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
  await writeOut(lockDocument(runs), flags.out);
  say(`${runs.length} runs of locks in ${shownPath(userPath(named))}`);
  return EXIT.wellDone;
}

async function planOf(folder: string): Promise<Plan> {
  return planFile.parse(JSON.parse(await readFile(join(folder, "plan.json"), "utf8")));
}
