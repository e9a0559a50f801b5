/** Stored runs that died before they were judged, or whose verdict is damaged. */
import { RefusedRun } from "../../store/own-files.ts";
import { outcomeOfRun } from "../../store/run-outcome.ts";
import type { RunSummary } from "../../store/stored-run.ts";
import { readStoredRun, runName } from "../../store/stored-run.ts";
import { judgeRun, UnjudgeableRun } from "../judge/judge-run.ts";

/** Judges those that have no outcome. Returns what is wrong with those that cannot be judged, a sentence each. */
export async function judgeUnjudged(
  runs: readonly RunSummary[],
  notice: (sentence: string) => void,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const summary of runs.filter((run) => outcomeOfRun(run) === undefined)) {
    try {
      const { warnings } = await readStoredRun(summary.folder);
      // Without its plan nobody knows what the run was to show.
      if (warnings.some((warning) => warning.startsWith("plan.json"))) {
        problems.push(`${runName(summary)} cannot be judged: ${warnings.join(" ")}`);
        continue;
      }
      const { verdict, warnings: judgedWith } = await judgeRun(summary.folder);
      notice(`${runName(summary)} had no verdict and is judged now: ${verdict.outcome}. ${judgedWith.join(" ")}`);
    } catch (error) {
      if (!(error instanceof UnjudgeableRun) && !(error instanceof RefusedRun)) throw error;
      problems.push(`${error.message}.`);
    }
  }
  return problems;
}
