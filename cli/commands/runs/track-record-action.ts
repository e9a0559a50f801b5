/** `redquake track-record`: looks for bugs that are known to be there. */
import { campaigns } from "../../../campaigns/index.ts";
import { KNOWN_BUGS } from "../../../campaigns/locks/words/known-bugs.ts";
import type { KnownBug } from "../../../campaigns/locks/words/known-bugs.ts";
import { listRuns } from "../../../store/stored-run.ts";
import type { RunSummary } from "../../../store/stored-run.ts";
import { lookedFor, trackRecord, wasFound } from "../../../report/track-record.ts";
import type { ExitCode } from "../../../session/exit-code.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { freshSeed } from "../../../session/plan/seed.ts";
import { lockJobs } from "../../../session/plan/lock-job.ts";
import type { LockReplacement } from "../../../session/replace/replace-lock.ts";
import { lockReplacement } from "../../../session/replace/replace-lock.ts";
import type { Job } from "../../../session/plan/job.ts";
import type { SessionFlags } from "./run-session.ts";
import { withSession } from "./run-session.ts";
import type { Campaign } from "../../../runner/campaign.ts";
import { UsageError } from "../../../machine/usage-error.ts";
import { userPath } from "../../../machine/user-folder.ts";
import { say } from "../../terminal/say.ts";
import { writeOut } from "../../terminal/write-out.ts";

export interface TrackRecordFlags extends SessionFlags {
  readonly repeat: number;
  readonly seed?: number;
  readonly out?: string;
  /** A folder of results that has the runs already. */
  readonly from?: string;
}

/**
 * Resolves with the exit code.
 * @throws UsageError when the folder has no such run; what `withSession`, `lockReplacement` and
 *   `lockJobs` throw.
 */
export async function trackRecordAction(flags: TrackRecordFlags): Promise<number> {
  if (flags.from !== undefined) return write(await listRuns(userPath(flags.from)), flags);
  const first = flags.seed ?? freshSeed();
  const seeds = Array.from({ length: flags.repeat }, (_, i) => first + i);
  return withSession(flags, async (run) => {
    const pairs = KNOWN_BUGS.flatMap((bug) => [
      [bug, bug.lock] as const,
      ...(bug.without === undefined ? [] : [[bug, bug.without] as const]),
    ]);
    const jobs: Job[] = [];
    const locks = new Map<string, LockReplacement>();
    for (const [bug, named] of pairs) {
      const lock = locks.get(named) ?? (await lockReplacement(named, say));
      locks.set(named, lock);
      jobs.push(...lockJobs(lock, campaignOf(bug), seeds));
    }
    const ends = await run(once(jobs));
    const made = new Set(ends.flatMap((end) => (end.kind === "judged" ? [end.judged.folder] : [])));
    const runs = (await listRuns(userPath(flags.results))).filter(({ folder }) => made.has(folder));
    return write(runs, flags);
  });
}

async function write(runs: readonly RunSummary[], { out, from }: TrackRecordFlags): Promise<ExitCode> {
  const looked = KNOWN_BUGS.map((bug) => lookedFor(bug, runs));
  const used = runs.filter(({ campaign, run }) =>
    KNOWN_BUGS.some((bug) => bug.campaign === campaign && [bug.lock, bug.without].includes(run?.lock)),
  );
  if (used.length === 0)
    throw new UsageError(`${JSON.stringify(from ?? "results")} has no run in which a known bug was looked for`);
  await writeOut(trackRecord(looked, used), out);
  return looked.every(wasFound) ? EXIT.wellDone : EXIT.promiseBroken;
}

function campaignOf(bug: KnownBug): Campaign {
  const campaign = campaigns.find(({ name }) => name === bug.campaign);
  if (campaign === undefined)
    throw new TypeError(`the known bug of ${bug.lock} names the campaign ${bug.campaign}, which does not exist`);
  return campaign;
}

/** The same lock may be what others are compared with. */
function once(jobs: readonly Job[]): Job[] {
  return [...new Map(jobs.map((job) => [JSON.stringify([job.plan.campaign, job.lock, job.plan.seed]), job])).values()];
}
