/** What `campaigns` and `replay` have in common: making runs while somebody watches, and telling how they ended. */
import { existsSync, rmSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { createInterface } from "node:readline";
import { cacheFolder } from "../machine/cache-folder.ts";
import { findRedisServer, RedisMissingError } from "../hosts/programs/redis-binary.ts";
import { assertResultsWritable, assertTemporaryWritable } from "../runner/assert-writable.ts";
import { chooseHost } from "../runner/equipment/choose-host.ts";
import { chooseToxiproxy } from "../runner/equipment/choose-toxiproxy.ts";
import type { ToxiproxyChoice } from "../runner/equipment/choose-toxiproxy.ts";
import { cleanUp } from "../runner/equipment/clean.ts";
import { RunProcesses } from "../runner/run-processes.ts";
import type { CampaignEnd } from "./campaign-end.ts";
import { endAsJson, exitCodeOf } from "./campaign-end.ts";
import { colorsFor } from "./colors.ts";
import type { Shard } from "./arguments.ts";
import { EXIT, worstExitCode } from "./exit-code.ts";
import type { ExitCode } from "./exit-code.ts";
import { lockMatrix } from "../report/lock-matrix.ts";
import type { LockRun } from "../report/lock-matrix.ts";
import { lockTable } from "./lock-table.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { writeIndexInTurn } from "./judge-run.ts";
import { liveDisplay } from "./live-display.ts";
import { print, printJson } from "./print.ts";
import type { Job, RunCampaignsOptions } from "./run-campaigns.ts";
import { runCampaigns } from "./run-campaigns.ts";
import { say } from "./say.ts";
import type { SessionRecord } from "./session-record.ts";
import { startSessionRecord } from "./session-record.ts";
import { UsageError } from "./usage-error.ts";
import { shownPath, userPath } from "./user-folder.ts";
import { verdictTable } from "./verdict-table.ts";

export interface SessionFlags {
  readonly host: "auto" | "docker" | "process";
  readonly redis?: string;
  readonly toxiproxy: ToxiproxyChoice;
  readonly bail?: true;
  readonly json?: true;
  readonly hold?: true;
  readonly results: string;
  readonly jobs: number;
  readonly shard?: Shard;
}

/** Where nobody looks at a terminal, sentences are wrapped for this width. */
const PLAIN_WIDTH = 120;

/** The list of all runs, in the folder of results. */
const INDEX_FILE = "index.html";

/**
 * Makes the runs and prints how they ended. Resolves with the exit code.
 * @param planJobs called when orphans of earlier runs are gone
 * @throws UsageError when the flags ask for something that cannot be done; HarnessError, HostError, RedisMissingError when it cannot be done here.
 */
export async function runSession(planJobs: () => Promise<readonly Job[]>, flags: SessionFlags): Promise<number> {
  return withSession(flags, async (run) => {
    const ends = await run(await planJobs());
    if (flags.json !== true) summarize(ends, join(userPath(flags.results), INDEX_FILE));
    return worstExitCode(ends.map(exitCodeOf));
  });
}

/** Makes runs, and tells how they ended, in their order; those that were not begun any more are missing. */
export type MakeRuns = (jobs: readonly Job[]) => Promise<readonly CampaignEnd[]>;

/**
 * Makes ready for runs, as many times as `body` asks for some. Resolves with the exit code: what `body` says, unless it was interrupted or could not be recorded.
 * @throws what `runSession` throws, and `body`.
 */
export async function withSession(flags: SessionFlags, body: (run: MakeRuns) => Promise<ExitCode>): Promise<number> {
  await checkFlags(flags);
  assertResultsWritable(userPath(flags.results));
  assertTemporaryWritable();
  using interrupt = listenForInterrupt();
  await cleanUp({ say });
  // Before any run: what is missing here is missing for all of them, and is said once.
  const redis = wantedRedis(flags);
  const [host] = await Promise.all([
    chooseHost({ host: flags.host, redis, say }),
    chooseToxiproxy(flags.toxiproxy, say),
  ]);
  const { kind, reason } = host;
  await using processes = new RunProcesses({ kind, reason, redis, toxiproxy: flags.toxiproxy });
  const shard = flags.shard === undefined ? undefined : `${flags.shard.index}/${flags.shard.of}`;
  let incomplete = false;
  const code = await body(async (jobs) => {
    const results = userPath(flags.results);
    const record = await startSessionRecord(results, jobs, shard);
    const ends = await runAll(jobs, flags, record, { host, processes, signal: interrupt.signal });
    // Also where not one run came to its end: an old list would not tell of that.
    await list(results);
    incomplete ||= record.isIncomplete();
    const missing = jobs.length - ends.length;
    if (missing > 0) say(`${missing} of ${jobs.length} runs ${missing === 1 ? "was" : "were"} not begun`);
    return ends;
  });
  return interrupt.exitCode() ?? worstExitCode(incomplete ? [code, EXIT.harnessFailed] : [code]);
}

async function checkFlags(flags: SessionFlags): Promise<void> {
  if (flags.hold === true && flags.jobs > 1) {
    throw new UsageError(
      `--hold waits for you at each run, which --jobs ${flags.jobs} would make side by side: leave one of them out`,
    );
  }
  const redis = wantedRedis(flags);
  if (redis === undefined || !isAbsolute(redis)) return;
  if (flags.host === "docker") {
    throw new UsageError(
      `--redis ${JSON.stringify(flags.redis)} is a path, which means nothing in a container: name a version or an image, or use --host process`,
    );
  }
  try {
    await findRedisServer({ wanted: redis, cacheFolder: cacheFolder(), say });
  } catch (error) {
    if (error instanceof RedisMissingError) throw new UsageError(error.message);
    throw error;
  }
}

/** What `--redis` means here: the absolute path of an executable, or, where it looks like none, a version or an image. */
export function wantedRedis({ redis, host }: Pick<SessionFlags, "redis" | "host">): string | undefined {
  if (redis === undefined) return undefined;
  const path = userPath(redis);
  return host === "process" || /^[./]/.test(redis) || (host === "auto" && existsSync(path)) ? path : redis;
}

async function runAll(
  jobs: readonly Job[],
  flags: SessionFlags,
  record: SessionRecord,
  found: Pick<RunCampaignsOptions, "host" | "processes" | "signal">,
): Promise<readonly CampaignEnd[]> {
  using display = liveDisplay();
  return await runCampaigns(jobs, {
    results: userPath(flags.results),
    ...found,
    sideBySide: flags.jobs,
    bail: flags.bail === true,
    hold: flags.hold === true ? (addresses) => hold(addresses, found.signal) : undefined,
    display,
    colors: colorsFor(process.stderr),
    began: (folder, position) => void record.began(position, folder),
    ended: async (end, position) => {
      await record.ended(position, end);
      await list(userPath(flags.results));
      if (flags.json === true) printJson(endAsJson(end));
    },
  });
}

/**
 * Brings the list of all runs up to date. Where that cannot be done there is none: an old one would tell of other runs.
 */
async function list(results: string): Promise<void> {
  try {
    await writeIndexInTurn(results);
  } catch (error) {
    say(`the list of all runs cannot be written: ${(error as Error).message}`);
    rmSync(join(results, INDEX_FILE), { force: true });
  }
}

function summarize(ends: readonly CampaignEnd[], index: string): void {
  if (ends.length === 0) return;
  const width = process.stdout.columns || PLAIN_WIDTH;
  const colors = colorsFor(process.stdout);
  const judged = ends.flatMap((end) => (end.kind === "judged" ? [end.judged] : []));
  const locks = lockMatrix(ends.flatMap(lockRunOf));
  const comparesLocks = new Set(ends.map(({ lock }) => lock)).size > 1;
  if (!comparesLocks) print(`\n${verdictTable(ends, width, colors)}`);
  if (comparesLocks || (locks.locks.length > 1 && judged.every(({ lock }) => lock !== undefined)))
    print(`\n${lockTable(locks, width, colors)}`);
  print();
  // Of a comparison the list of all runs has the same table, with links.
  for (const { verdict, report } of comparesLocks ? [] : judged)
    print(`${verdict.campaign} (seed ${verdict.seed}): ${shownPath(report)}`);
  if (existsSync(index)) print(`all runs: ${shownPath(index)}`);
}

function lockRunOf(end: CampaignEnd): LockRun[] {
  const judged = end.kind === "judged" ? end.judged : undefined;
  const lock = judged?.lock ?? end.lock;
  return lock === undefined ? [] : [{ lock, campaign: end.campaign, verdict: judged?.verdict }];
}

/** Resolves when the user presses Enter, ends the input, or interrupts. */
async function hold(addresses: readonly string[], signal: AbortSignal): Promise<void> {
  say(
    `held; everything is still up:\n${addresses.map((address) => `  ${address}`).join("\n")}\npress Enter to stop it`,
  );
  const lines = createInterface({ input: process.stdin });
  const { promise, resolve } = Promise.withResolvers<void>();
  lines.once("line", () => resolve());
  lines.once("close", () => resolve());
  const end = (): void => resolve();
  signal.addEventListener("abort", end, { once: true });
  await promise;
  signal.removeEventListener("abort", end);
  lines.close();
}
