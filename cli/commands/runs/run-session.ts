/** What the commands that make runs have in common: making runs while somebody watches, and telling how they ended. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { shownPath, userPath } from "../../../machine/user-folder.ts";
import { lockMatrix } from "../../../report/locks/lock-matrix.ts";
import type { ToxiproxyChoice } from "../../../runner/equipment/choose-toxiproxy.ts";
import type { CampaignEnd } from "../../../session/runs/campaign-end.ts";
import { endAsJson, exitCodeOf, testedRunsOf } from "../../../session/runs/campaign-end.ts";
import type { ExitCode } from "../../../session/exit-code.ts";
import { EXIT, worstExitCode } from "../../../session/exit-code.ts";
import type { Job } from "../../../session/plan/job.ts";
import type { MakeRuns } from "../../../session/runs/session.ts";
import { INDEX_FILE, withSession as inSession } from "../../../session/runs/session.ts";
import type { Shard } from "../../../session/select/shard-campaigns.ts";
import type { HostChoice } from "../../../session/servers/wanted-redis.ts";
import { wantedRedis } from "../../../session/servers/wanted-redis.ts";
import { colorsFor } from "../../terminal/colors.ts";
import { listenForInterrupt } from "../../terminal/interrupt.ts";
import { liveDisplay } from "../../terminal/live-display.ts";
import { lockTable } from "../../terminal/lock-table.ts";
import { print, printJson } from "../../terminal/print.ts";
import { say } from "../../terminal/say.ts";
import { verdictTable } from "../../terminal/verdict-table.ts";
import { watchRuns } from "../../terminal/watch-runs.ts";

export interface SessionFlags {
  readonly host: HostChoice;
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

/**
 * Makes the runs and prints how they ended. Resolves with the exit code.
 * @param first said before the first run, when everything is ready for it
 * @throws UsageError when the flags ask for something that cannot be done; HarnessError, HostError, RedisMissingError
 * when it cannot be done here.
 */
export async function runSession(
  jobs: readonly Job[],
  flags: SessionFlags,
  first: readonly string[] = [],
): Promise<number> {
  return withSession(flags, async (run) => {
    for (const line of first) say(line);
    const ends = await run(jobs);
    if (flags.json !== true) summarize(ends, join(userPath(flags.results), INDEX_FILE));
    return worstExitCode(ends.map(exitCodeOf));
  });
}

/**
 * Makes ready for runs, as many times as `body` asks for some. Resolves with the exit code: what `body` says, unless it
 * was interrupted or could not be recorded.
 * @throws what `runSession` throws, and `body`.
 */
export async function withSession(flags: SessionFlags, body: (run: MakeRuns) => Promise<ExitCode>): Promise<number> {
  using interrupt = listenForInterrupt();
  using display = liveDisplay();
  const { signal } = interrupt;
  const { value, incomplete } = await inSession(
    {
      host: flags.host,
      redis: wantedRedis(flags.redis, flags.host),
      toxiproxy: flags.toxiproxy,
      results: userPath(flags.results),
      sideBySide: flags.jobs,
      bail: flags.bail === true,
      ...(flags.hold === true ? { hold: (addresses: readonly string[]) => hold(addresses, signal) } : {}),
      shard: flags.shard === undefined ? undefined : `${flags.shard.index}/${flags.shard.of}`,
      signal,
      observer: watchRuns(display, (end) => {
        if (flags.json === true) printJson(endAsJson(end));
      }),
    },
    body,
  );
  return interrupt.exitCode() ?? worstExitCode(incomplete ? [value, EXIT.harnessFailed] : [value]);
}

function summarize(ends: readonly CampaignEnd[], index: string): void {
  if (ends.length === 0) return;
  const width = process.stdout.columns || PLAIN_WIDTH;
  const colors = colorsFor(process.stdout);
  const judged = ends.flatMap((end) => (end.kind === "judged" ? [end.judged] : []));
  const locks = lockMatrix(testedRunsOf(ends));
  const compares = new Set(ends.map(({ adapter }) => adapter)).size > 1;
  if (!compares) print(`\n${verdictTable(ends, width, colors)}`);
  if (compares || (locks.locks.length > 1 && judged.every(({ adapter }) => adapter !== undefined)))
    print(`\n${lockTable(locks, width, colors)}`);
  print();
  // The list of all runs has the table of a comparison, too, with links.
  for (const { verdict, report } of compares ? [] : judged)
    print(`${verdict.campaign} (seed ${verdict.seed}): ${shownPath(report)}`);
  if (existsSync(index)) print(`all runs: ${shownPath(index)}`);
}

/** Resolves when the user presses Enter, ends the input, or interrupts. */
async function hold(addresses: readonly string[], signal: AbortSignal): Promise<void> {
  say(
    `held; everything is still up:\n${addresses.map((address) => `  ${address}`).join("\n")}\npress Enter to stop it`,
  );
  using lines = createInterface({ input: process.stdin });
  await Promise.race([once(lines, "line"), once(lines, "close"), once(signal, "abort")]);
}
