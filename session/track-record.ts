/** Looks for bugs that are known to be there, in the exact library versions that have them. */
import { campaigns } from "../campaigns/index.ts";
import type { KnownBug } from "../campaigns/locks/words/known-bugs.ts";
import { KNOWN_BUGS } from "../campaigns/locks/words/known-bugs.ts";
import { UsageError } from "../machine/usage-error.ts";
import { lookedFor, trackRecord, wasFound } from "../report/locks/track-record.ts";
import type { Campaign } from "../runner/campaign.ts";
import type { RunSummary } from "../store/stored-run.ts";
import { listRuns } from "../store/stored-run.ts";
import type { Job } from "./plan/job.ts";
import { adapterJobs } from "./plan/adapter-jobs.ts";
import type { AdapterReplacement } from "./replace/replace-adapter.ts";
import { adapterReplacement } from "./replace/replace-adapter.ts";
import type { MakeRuns } from "./runs/session.ts";

export interface TrackRecord {
  /** In Markdown. */
  readonly document: string;
  /** Whether each bug was found in every run, and no lock without it was broken. */
  readonly complete: boolean;
}

/**
 * Makes the runs in which each known bug is looked for, once per seed, and those of the locks that do not have it.
 * @param results the folder in which `make` stores runs, absolute
 * @returns the runs that were made
 * @throws what `adapterReplacement` and `adapterJobs` throw.
 */
export async function lookForKnownBugs(
  seeds: readonly number[],
  { make, results, notice }: { make: MakeRuns; results: string; notice: (sentence: string) => void },
): Promise<readonly RunSummary[]> {
  const jobs: Job[] = [];
  const locks = new Map<string, AdapterReplacement>();
  for (const bug of KNOWN_BUGS) {
    for (const named of bug.without === undefined ? [bug.lock] : [bug.lock, bug.without]) {
      const lock = locks.get(named) ?? (await adapterReplacement(named, notice));
      locks.set(named, lock);
      jobs.push(...adapterJobs(lock, campaignOf(bug), seeds));
    }
  }
  const ends = await make(once(jobs));
  const made = new Set(ends.flatMap((end) => (end.kind === "judged" ? [end.judged.folder] : [])));
  return (await listRuns(results)).filter(({ folder }) => made.has(folder));
}

/**
 * @param named the folder of the runs, as the user named it
 * @throws UsageError when in none of the runs a known bug was looked for.
 */
export function trackRecordOf(runs: readonly RunSummary[], named: string): TrackRecord {
  const used = runs.filter(({ campaign, run }) =>
    KNOWN_BUGS.some((bug) => bug.campaign === campaign && [bug.lock, bug.without].includes(run?.lock)),
  );
  if (used.length === 0)
    throw new UsageError(`${JSON.stringify(named)} has no run in which a known bug was looked for`);
  const looked = KNOWN_BUGS.map((bug) => lookedFor(bug, runs));
  return { document: trackRecord(looked, used), complete: looked.every(wasFound) };
}

function campaignOf(bug: KnownBug): Campaign {
  const campaign = campaigns.find(({ name }) => name === bug.campaign);
  if (campaign === undefined)
    throw new TypeError(`the known bug of ${bug.lock} names the campaign ${bug.campaign}, which does not exist`);
  return campaign;
}

/** The same lock may be what others are compared with. */
function once(jobs: readonly Job[]): Job[] {
  return [
    ...new Map(jobs.map((job) => [JSON.stringify([job.plan.campaign, job.adapter, job.plan.seed]), job])).values(),
  ];
}
