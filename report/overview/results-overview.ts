/** Everything that a results folder says, as one value: what the job summary and the JUnit file are made from. */
import type { BrokenClaim } from "../broken-claims.ts";
import { brokenClaims } from "../broken-claims.ts";
import { holdsOf } from "../holds.ts";
import type { MissingRun, StoredSession } from "../../store/sessions.ts";
import { listSessions, missingRuns } from "../../store/sessions.ts";
import type { RunSummary, StoredRun } from "../../store/stored-run.ts";
import { listRuns, readStoredRun, runName } from "../../store/stored-run.ts";

export interface ResultsOverview {
  /** In the order of their campaigns, the oldest first. */
  readonly runs: readonly RunSummary[];
  readonly sessions: readonly StoredSession[];
  /** Runs that were wanted and have no verdict of their own. */
  readonly missing: readonly MissingRun[];
  /** What is damaged or absent, one sentence each. */
  readonly problems: readonly string[];
  readonly counterexample: Counterexample | undefined;
}

/** The first broken promise, with its story. */
export interface Counterexample {
  readonly stored: StoredRun;
  readonly broken: BrokenClaim;
}

/** @param problems what is known to be wrong already */
export async function overviewOf(resultsFolder: string, problems: readonly string[] = []): Promise<ResultsOverview> {
  const { sessions, problems: damaged } = await listSessions(resultsFolder);
  const runs = withFailures(await listRuns(resultsFolder), sessions).toSorted(byCampaign);
  const present = new Set(runs.map(runName));
  const lost = sessions.flatMap(({ name, session }) =>
    session.runs
      .filter(({ folder }) => folder !== undefined && !present.has(folder))
      .map(({ folder }) => `${folder} is not here, although ${name} says that it was made on ${session.machine}.`),
  );
  const { counterexample, untold } = await firstCounterexample(runs);
  return {
    runs,
    sessions,
    missing: missingRuns(sessions, present),
    problems: [...problems, ...damaged, ...lost, ...untold],
    counterexample,
  };
}

/** The runs, with what the sessions tell of failures that a run could not store itself, as on a disk that is full. */
export function withFailures(runs: readonly RunSummary[], sessions: readonly StoredSession[]): readonly RunSummary[] {
  const failures = new Map(
    sessions.flatMap(({ session }) =>
      session.runs.flatMap(({ end, folder, reason = "no reason was recorded" }) =>
        end === "harness-failed" && folder !== undefined ? [[folder, reason] as const] : [],
      ),
    ),
  );
  return runs.map((summary) => {
    const failure = failures.get(runName(summary));
    if (failure === undefined || summary.run === undefined || summary.run.failure !== undefined) return summary;
    return { ...summary, run: { ...summary.run, failure, interrupted: true }, verdict: undefined };
  });
}

/** What ran the nodes, such as `redis 7.0.15 (docker)`. */
export function serverName({ run }: Pick<RunSummary, "run">): string {
  if (run === undefined) return "unknown";
  const server = /\b(redis|valkey)-server\b/.exec(run.hostDescription)?.[1] ?? "redis";
  return `${server} ${run.redisVersion} (${run.host})`;
}

function byCampaign(a: RunSummary, b: RunSummary): number {
  return compare(a.campaign, b.campaign) || compare(a.startedAt ?? "", b.startedAt ?? "") || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface FirstCounterexample {
  readonly counterexample: Counterexample | undefined;
  /** Why there is none although there should be one, in a sentence. */
  readonly untold: readonly string[];
}

async function firstCounterexample(runs: readonly RunSummary[]): Promise<FirstCounterexample> {
  const failed = runs.find(({ verdict }) => verdict?.outcome === "failed");
  if (failed === undefined) return { counterexample: undefined, untold: [] };
  try {
    const stored = await readStoredRun(failed.folder);
    const [broken] = brokenClaims(stored, holdsOf(stored.history));
    return { counterexample: broken === undefined ? undefined : { stored, broken }, untold: [] };
  } catch (error) {
    // The run has what no run has.
    if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error;
    return {
      counterexample: undefined,
      untold: [`What broke in ${runName(failed)} cannot be told: ${error.message}.`],
    };
  }
}
