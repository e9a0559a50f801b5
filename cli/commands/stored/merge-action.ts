/** `redquake merge DIR…`: the results of several machines as those of one. Reads what is stored; nothing is run. */
import { join } from "node:path";
import { campaigns } from "../../../campaigns/index.ts";
import { writeWhole } from "../../../history/live/write-whole.ts";
import { formatDurations, measuredDurations } from "../../../store/durations.ts";
import { formatFailingSeeds, updateFailingSeeds } from "../../../store/failing-seeds.ts";
import { renderJUnit } from "../../../report/junit.ts";
import { renderJobSummary } from "../../../report/job-summary.ts";
import { writeIndex } from "../../../report/report.ts";
import type { ResultsOverview } from "../../../report/results-overview.ts";
import { overviewOf } from "../../../report/results-overview.ts";
import { exitCodeOfRun, outcomeOfRun } from "../../../store/run-outcome.ts";
import { RefusedRun } from "../../../store/own-files.ts";
import { listRuns, readStoredRun, runName } from "../../../store/stored-run.ts";
import type { RunSummary } from "../../../store/stored-run.ts";
import { EXIT, worstExitCode } from "../../../session/exit-code.ts";
import type { ExitCode } from "../../../session/exit-code.ts";
import { gatherResults } from "../../../store/gather-results.ts";
import { judgeRun, UnjudgeableRun } from "../../../session/judge/judge-run.ts";
import { print, printJson } from "../../terminal/print.ts";
import { readFailingSeeds } from "../../../session/select/read-failing-seeds.ts";
import { say } from "../../terminal/say.ts";
import { oneLine } from "../../terminal/terminal-text.ts";
import { shownPath, userPath } from "../../../machine/user-folder.ts";

export interface MergeFlags {
  /** Folder of the merged results. */
  readonly out: string;
  /** File of failing seeds that is brought up to date. */
  readonly failing?: string;
  readonly json?: true;
}

/**
 * Resolves with the exit code, the worst of all runs; what is missing or damaged counts as undecided.
 * @throws UsageError when a folder does not exist, or the file of failing seeds is damaged.
 */
export async function mergeAction(named: readonly string[], flags: MergeFlags): Promise<number> {
  const out = userPath(flags.out);
  const failing = flags.failing === undefined ? undefined : userPath(flags.failing);
  const known = failing === undefined ? [] : await readFailingSeeds(failing);
  const { copied, problems, notes } = await gatherResults(named, out);
  for (const note of notes) say(oneLine(note));
  const unread = await judgeTheUnjudged(await listRuns(out));
  const overview = await overviewOf(out, [...problems, ...unread]);
  for (const problem of overview.problems) say(oneLine(problem));

  const index = await writeIndex(out);
  const junit = await writeWhole(join(out, "junit.xml"), renderJUnit(overview));
  const summary = await writeWhole(join(out, "summary.md"), renderJobSummary(overview));
  const durations = await writeWhole(join(out, "durations.json"), formatDurations(measuredDurations(overview.runs)));
  if (failing !== undefined) await updateFailing(failing, known, overview.runs);
  const code = exitCodeOf(overview);
  if (flags.json === true) printJson(asJson(overview, code, { index, junit, summary, durations }));
  else print([index, junit, summary, durations].map(shownPath).join("\n"));
  say(`${overview.runs.length} runs in ${shownPath(out)}, ${copied} of them copied; exit code ${code}`);
  return code;
}

/**
 * Runs that died before they were judged, or whose verdict is damaged. Returns what is wrong with those that cannot be.
 */
async function judgeTheUnjudged(runs: readonly RunSummary[]): Promise<string[]> {
  const problems: string[] = [];
  for (const summary of runs.filter((run) => outcomeOfRun(run) === undefined)) {
    try {
      const { warnings } = await readStoredRun(summary.folder);
      // Without its plan nobody knows what the run was to show.
      if (warnings.some((warning) => warning.startsWith("plan.json"))) {
        problems.push(`${runName(summary)} cannot be judged: ${warnings.join(" ")}`);
        continue;
      }
      const judged = await judgeRun(summary.folder);
      const { verdict, warnings: judgedWith } = judged;
      say(oneLine(`${runName(summary)} had no verdict and is judged now: ${verdict.outcome}. ${judgedWith.join(" ")}`));
    } catch (error) {
      if (!(error instanceof UnjudgeableRun) && !(error instanceof RefusedRun)) throw error;
      problems.push(`${error.message}.`);
    }
  }
  return problems;
}

async function updateFailing(
  file: string,
  known: Awaited<ReturnType<typeof readFailingSeeds>>,
  runs: readonly RunSummary[],
): Promise<void> {
  const shipped = new Set(campaigns.map(({ name }) => name));
  const gone = known.filter(({ campaign }) => !shipped.has(campaign));
  for (const { campaign, seed } of gone)
    say(`${campaign} (seed ${seed}) is forgotten: there is no such campaign any more`);
  const isShipped = ({ campaign }: { readonly campaign: string }): boolean => shipped.has(campaign);
  const updated = updateFailingSeeds(known.filter(isShipped), runs.filter(isShipped));
  await writeWhole(file, formatFailingSeeds(updated));
  say(`${shownPath(file)}: ${updated.length} failing seeds, ${known.length} before`);
}

function exitCodeOf({ runs, missing, problems }: ResultsOverview): ExitCode {
  return worstExitCode([
    ...runs.map((run) => exitCodeOfRun(outcomeOfRun(run))),
    ...missing.map(({ end }) => (end === "harness-failed" ? EXIT.harnessFailed : EXIT.undecided)),
    ...(problems.length > 0 || runs.length === 0 ? [EXIT.undecided] : []),
  ]);
}

function asJson({ runs, missing, problems }: ResultsOverview, exitCode: ExitCode, files: object): object {
  return {
    exitCode,
    ...files,
    runs: runs.map((summary) => ({
      run: runName(summary),
      campaign: summary.campaign,
      seed: summary.seed ?? null,
      outcome: outcomeOfRun(summary) ?? null,
    })),
    missing,
    problems,
  };
}
