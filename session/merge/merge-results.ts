/** The results of several machines as those of one. Reads what is stored; nothing is run. */
import { join } from "node:path";
import { writeWhole } from "../../history/live/write-whole.ts";
import { userPath } from "../../machine/user-folder.ts";
import { renderJobSummary } from "../../report/overview/job-summary.ts";
import { renderJUnit } from "../../report/overview/junit.ts";
import { writeIndex } from "../../report/report.ts";
import type { ResultsOverview } from "../../report/overview/results-overview.ts";
import { overviewOf } from "../../report/overview/results-overview.ts";
import { formatDurations, measuredDurations } from "../../store/durations.ts";
import { gatherResults } from "../../store/gather-results.ts";
import type { RunOutcome } from "../../store/run-outcome.ts";
import { exitCodeOfRun, outcomeOfRun } from "../../store/run-outcome.ts";
import { listRuns, runName } from "../../store/stored-run.ts";
import type { ExitCode } from "../exit-code.ts";
import { EXIT, worstExitCode } from "../exit-code.ts";
import { readFailingSeeds } from "../select/read-failing-seeds.ts";
import { judgeUnjudged } from "./judge-unjudged.ts";
import { keepFailingSeeds } from "./keep-failing-seeds.ts";

export interface MergeOptions {
  /** The folder of the merged results, from the current folder; may be one of those that are merged. */
  readonly out: string;
  /** A file of failing seeds that is brought up to date, from the current folder. */
  readonly failing?: string | undefined;
  /** Told in sentences what is worth knowing: what was left out, what had no verdict yet, what is damaged. */
  readonly onNotice?: (sentence: string) => void;
}

export interface MergedRun {
  /** The run's folder, from the folder of results. */
  readonly run: string;
  readonly campaign: string;
  readonly seed: number | null;
  /** `null` where nobody knows. */
  readonly outcome: RunOutcome | null;
}

export interface MergedResults extends Pick<ResultsOverview, "missing" | "problems"> {
  /** The worst of all runs; what is missing or damaged counts as undecided. */
  readonly exitCode: ExitCode;
  /** The list of all runs. */
  readonly index: string;
  readonly junit: string;
  /** In Markdown, as a job of GitHub Actions shows it. */
  readonly summary: string;
  /** How long each campaign took. */
  readonly durations: string;
  readonly runs: readonly MergedRun[];
  /** How many runs were copied. */
  readonly copied: number;
}

/**
 * Puts results folders into one, judges what nobody has judged, and writes the list of all runs (`index.html`),
 * `junit.xml`, `summary.md` and `durations.json`.
 * @param folders folders of results, from the current folder
 * @throws UsageError when a folder does not exist, or the file of failing seeds is damaged.
 */
export async function mergeResults(folders: readonly string[], options: MergeOptions): Promise<MergedResults> {
  const { onNotice: notice = () => undefined } = options;
  const out = userPath(options.out);
  const failing = options.failing === undefined ? undefined : userPath(options.failing);
  const known = failing === undefined ? [] : await readFailingSeeds(failing);
  const gathered = await gatherResults(folders, out);
  for (const note of gathered.notes) notice(note);
  const unjudged = await judgeUnjudged(await listRuns(out), notice);
  const overview = await overviewOf(out, [...gathered.problems, ...unjudged]);
  const { runs, missing, problems } = overview;
  for (const problem of problems) notice(problem);
  const index = await writeIndex(out);
  const junit = await writeWhole(join(out, "junit.xml"), renderJUnit(overview));
  const summary = await writeWhole(join(out, "summary.md"), renderJobSummary(overview));
  const durations = await writeWhole(join(out, "durations.json"), formatDurations(measuredDurations(runs)));
  if (failing !== undefined) await keepFailingSeeds(failing, known, runs, notice);
  return {
    exitCode: exitCodeOf(overview),
    index,
    junit,
    summary,
    durations,
    runs: runs.map((run) => ({
      run: runName(run),
      campaign: run.campaign,
      seed: run.seed ?? null,
      outcome: outcomeOfRun(run) ?? null,
    })),
    missing,
    problems,
    copied: gathered.copied,
  };
}

function exitCodeOf({ runs, missing, problems }: ResultsOverview): ExitCode {
  return worstExitCode([
    ...runs.map((run) => exitCodeOfRun(outcomeOfRun(run))),
    ...missing.map(({ end }) => (end === "harness-failed" ? EXIT.harnessFailed : EXIT.undecided)),
    ...(problems.length > 0 || runs.length === 0 ? [EXIT.undecided] : []),
  ]);
}
