/** Makes ready for runs, makes them, judges them, and keeps the record and the list of all runs up to date. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../machine/usage-error.ts";
import { assertResultsWritable, assertTemporaryWritable } from "../../runner/assert-writable.ts";
import { chooseHost } from "../../runner/equipment/choose-host.ts";
import type { ToxiproxyChoice } from "../../runner/equipment/choose-toxiproxy.ts";
import { chooseToxiproxy } from "../../runner/equipment/choose-toxiproxy.ts";
import { cleanUp } from "../../runner/equipment/clean.ts";
import type { ProcessRunOptions } from "../../runner/run-processes.ts";
import { RunProcesses } from "../../runner/run-processes.ts";
import type { CampaignEnd } from "./campaign-end.ts";
import { writeIndexInTurn } from "../judge/judge-run.ts";
import type { SessionObserver } from "./observer.ts";
import type { Job } from "../plan/job.ts";
import { runCampaigns } from "./run-campaigns.ts";
import { startSessionRecord } from "./session-record.ts";
import type { HostChoice } from "../servers/wanted-redis.ts";
import { assertUsableRedis } from "../servers/wanted-redis.ts";

export interface SessionOptions {
  readonly host: HostChoice;
  /** A version, an image, or the absolute path of an executable (`wantedRedis`). */
  readonly redis: string | undefined;
  readonly toxiproxy: ToxiproxyChoice;
  /** The results folder, absolute; it need not exist yet. */
  readonly results: string;
  /** How many runs are made at a time. */
  readonly sideBySide: number;
  /** Whether the first run that does not end well is the last one. */
  readonly bail: boolean;
  /** Called in each run while everything is up; the run goes on when it resolves. */
  readonly hold?: ProcessRunOptions["hold"];
  /** `2/3`, where the campaigns are shared out among machines. */
  readonly shard?: string | undefined;
  /** Aborted: the runs heal their faults and save their histories, and no other one is begun. */
  readonly signal: AbortSignal;
  readonly observer: SessionObserver;
}

/** The list of all runs, in the folder of results. */
export const INDEX_FILE = "index.html";

/** Makes runs, and tells how they ended, in their order; those that were not begun any more are missing. */
export type MakeRuns = (jobs: readonly Job[]) => Promise<readonly CampaignEnd[]>;

export interface SessionEnd<T> {
  readonly value: T;
  /** Whether which runs were made could not be recorded in full. */
  readonly incomplete: boolean;
}

/**
 * Makes ready for runs, as many times as `body` asks for some.
 * @throws UsageError when the options ask for something that cannot be done; HarnessError, HostError, RedisMissingError
 * when it cannot be done here; and what `body` throws.
 */
export async function withSession<T>(
  options: SessionOptions,
  body: (run: MakeRuns) => Promise<T>,
): Promise<SessionEnd<T>> {
  const { results, redis, observer } = options;
  if (options.hold !== undefined && options.sideBySide > 1) {
    throw new UsageError(
      `--hold waits for you at each run, which --jobs ${options.sideBySide} would make side by side: leave one of them out`,
    );
  }
  const say = observer.notice;
  await assertUsableRedis(redis, options.host, say);
  assertResultsWritable(results);
  assertTemporaryWritable();
  await cleanUp({ say });
  // Before any run: what is missing here is missing for all of them, and is said once.
  const [host] = await Promise.all([
    chooseHost({ host: options.host, redis, say }),
    chooseToxiproxy(options.toxiproxy, say),
  ]);
  const { kind, reason } = host;
  await using processes = new RunProcesses({ kind, reason, redis, toxiproxy: options.toxiproxy });
  let incomplete = false;
  const value = await body(async (jobs) => {
    const record = await startSessionRecord(results, jobs, options.shard, say);
    const ends = await runCampaigns(jobs, {
      ...options,
      host,
      processes,
      began: (folder, position) => void record.began(position, folder),
      ended: async (end, position) => {
        await record.ended(position, end);
        await list(results, say);
        observer.recorded(end);
      },
    });
    // Also where not one run came to its end: an old list would not tell of that.
    await list(results, say);
    incomplete ||= record.isIncomplete();
    const missing = jobs.length - ends.length;
    if (missing > 0) say(`${missing} of ${jobs.length} runs ${missing === 1 ? "was" : "were"} not begun`);
    return ends;
  });
  return { value, incomplete };
}

/**
 * Brings the list of all runs up to date. Where that cannot be done there is none: an old one would tell of other runs.
 */
async function list(results: string, say: (sentence: string) => void): Promise<void> {
  try {
    await writeIndexInTurn(results);
  } catch (error) {
    say(`the list of all runs cannot be written: ${(error as Error).message}`);
    rmSync(join(results, INDEX_FILE), { force: true });
  }
}
