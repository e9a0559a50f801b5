/**
 * From a stored run to its verdict and report. There is only this way, for a run that has just ended as for an old one.
 */
import { basename, dirname, join } from "node:path";
import { judge } from "../../checkers/judge/judge.ts";
import type { Verdict } from "../../checkers/judge/verdict.ts";
import { whyUnfinished } from "../../store/run-outcome.ts";
import { writeWhole } from "../../history/live/write-whole.ts";
import { hasForeignIndex, writeIndex, writeReport } from "../../report/report.ts";
import { loadModulesOf, withheldModules } from "../plan/own-modules.ts";
import { shellQuoted } from "../shell-quoted.ts";
import { testedIn } from "../../store/run-facts.ts";
import type { StoredRun } from "../../store/stored-run.ts";
import { readStoredRun } from "../../store/stored-run.ts";
import { RedquakeError } from "../../machine/redquake-error.ts";

export interface JudgedRun {
  readonly folder: string;
  readonly verdict: Verdict;
  /** How the harness failed, where it did: the verdict is then no more than what the history says as far as it goes. */
  readonly failure?: string | undefined;
  /** The lock, library or client under test, where the campaign is about one. */
  readonly adapter: string | undefined;
  /** How many operations the clients began. */
  readonly operations: number;
  /** Path of the report. */
  readonly report: string;
  /** What is missing or damaged in the stored run, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * The plan asks what this version of redquake does not know, or the run has what no run has. The cause tells where that
 * was found.
 */
export class UnjudgeableRun extends RedquakeError {
  override readonly name = "UnjudgeableRun";
  readonly code = "REDQUAKE_RUN_UNJUDGEABLE";
  readonly origin = "call";
}

/**
 * Judges a stored run by its plan's claims, and writes `verdict.json` and the report.
 * @param allowed modules of the user's own that may be loaded for it, in the words with which they were refused
 * @throws NotAStoredRun when the folder is none; RefusedRun when it has links in it; UnjudgeableRun.
 */
export async function judgeRun(folder: string, allowed: readonly string[] = []): Promise<JudgedRun> {
  const stored = await readStoredRun(folder);
  const withheld = withheldModules(stored.plan, allowed);
  if (withheld.length > 0) {
    const flags = withheld.map((code) => `--allow-code ${shellQuoted(code)}`).join(" ");
    throw new UnjudgeableRun(`${folder} is judged by code that is not redquake's own; add ${flags} where you trust it`);
  }
  await loadModulesOf(stored.plan);
  const { verdict, report } = await judgeAndReport(stored);
  return {
    folder,
    verdict,
    failure: stored.run.failure,
    adapter: testedIn(stored.run),
    operations: stored.history.operations.length,
    report,
    warnings: stored.warnings,
  };
}

/** As `judgeRun`, for a run that may lie among others: the list of all of them is written, too. */
export async function judgeAmongOthers(folder: string, allowed: readonly string[] = []): Promise<JudgedRun> {
  const judged = await judgeRun(folder, allowed);
  if (await isAmongOthers(folder, judged.verdict)) await writeIndexInTurn(dirname(dirname(folder)));
  return judged;
}

async function judgeAndReport(stored: StoredRun): Promise<Pick<JudgedRun, "verdict" | "report">> {
  const { folder, plan, history } = stored;
  try {
    const verdict = judge(plan, history, whyUnfinished(stored.run));
    await writeWhole(join(folder, "verdict.json"), `${JSON.stringify(verdict, null, 2)}\n`);
    return { verdict, report: await writeReport({ ...stored, verdict }) };
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error;
    throw new UnjudgeableRun(`${folder} cannot be judged by this version of redquake: ${error.message}`, {
      cause: error,
    });
  }
}

/** A run that was copied elsewhere has no results folder around it. */
async function isAmongOthers(folder: string, { campaign }: Verdict): Promise<boolean> {
  return basename(dirname(folder)) === campaign && !(await hasForeignIndex(dirname(dirname(folder))));
}

let lastIndex: Promise<unknown> = Promise.resolve();

/**
 * Writes the list of all runs of a results folder. Runs that end side by side must not write the list at the same time;
 * each one's list contains those before it.
 */
export function writeIndexInTurn(results: string): Promise<string> {
  const index = lastIndex.then(() => writeIndex(results));
  // Its caller hears of the failure, which must not keep the next one from being written.
  lastIndex = index.catch(() => undefined);
  return index;
}
