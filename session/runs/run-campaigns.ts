/** Runs campaigns one after the other, or several side by side, and judges each one. */
import type { HostSource } from "../../runner/equipment/choose-host.ts";
import { whyImpossible } from "../../runner/equipment/needs.ts";
import { storeFailure } from "../../runner/run-record.ts";
import type { RunProcesses, ProcessRunOptions } from "../../runner/run-processes.ts";
import type { Job } from "../plan/job.ts";
import type { CampaignEnd } from "./campaign-end.ts";
import { exitCodeOf } from "./campaign-end.ts";
import { EXIT } from "../exit-code.ts";
import { judgeRun, UnjudgeableRun } from "../judge/judge-run.ts";
import type { RunWatcher, SessionObserver } from "./observer.ts";
import { RedquakeError } from "../../machine/redquake-error.ts";
import { shownPath } from "../../machine/user-folder.ts";

export interface RunCampaignsOptions extends Pick<ProcessRunOptions, "results" | "signal"> {
  readonly host: HostSource;
  /** Where the runs are made. */
  readonly processes: RunProcesses;
  /** How many run at a time. */
  readonly sideBySide: number;
  /** Whether the first one that does not end well is the last one. */
  readonly bail: boolean;
  readonly hold?: ProcessRunOptions["hold"];
  readonly observer: SessionObserver;
  /** Told the folder of each stored run as soon as there is one, with the position of its job. */
  readonly began: (folder: string, position: number) => void;
  /** Told of each end as soon as it is known, with the position of its job. */
  readonly ended: (end: CampaignEnd, position: number) => Promise<void>;
}

/** How the runs ended, in the order of the jobs; those that were not begun any more are missing. */
export async function runCampaigns(jobs: readonly Job[], options: RunCampaignsOptions): Promise<CampaignEnd[]> {
  const ends: (CampaignEnd | undefined)[] = jobs.map(() => undefined);
  const waiting = jobs.entries();
  let stop = false;
  const worker = async (): Promise<void> => {
    for (const [i, job] of waiting) {
      if (stop || options.signal.aborted) return;
      const end = await runJob(job, { ...options, began: (folder) => options.began(folder, i) });
      ends[i] = end;
      await options.ended(end, i);
      stop ||= options.bail && exitCodeOf(end) !== EXIT.wellDone;
    }
  };
  await Promise.all(Array.from({ length: options.sideBySide }, worker));
  return ends.filter((end) => end !== undefined);
}

async function runJob(
  job: Job,
  options: Omit<RunCampaignsOptions, "began"> & Pick<Required<ProcessRunOptions>, "began">,
): Promise<CampaignEnd> {
  const { campaign, seed } = job.plan;
  const { adapter } = job;
  const started = performance.now();
  const facts = () => ({ campaign, seed, adapter, seconds: (performance.now() - started) / 1_000 });
  const watcher = options.observer.begins({ campaign, seed, adapter });
  const finish = (end: CampaignEnd): CampaignEnd => {
    watcher.ended(end);
    return end;
  };
  let folder: string | undefined;
  const began = (made: string): void => options.began((folder = made));
  try {
    const impossible = job.refused ?? (await whyImpossible(job.plan, options.host.kind));
    if (impossible !== undefined) return finish({ ...facts(), kind: "skipped", reason: impossible });
    const result = await options.processes.run(job.plan, { ...runOptions(job, watcher, options), began });
    const judged = await judgeRun(result.folder);
    return finish({ ...facts(), kind: "judged", judged });
  } catch (error) {
    const reason = reasonOf(error);
    if (folder !== undefined) await reportFailure(folder, reason, options.observer.notice);
    return finish({ ...facts(), kind: "harness-failed", reason, folder });
  }
}

/** Lets a stored run say that the harness failed in it, and writes its report as far as it goes. */
async function reportFailure(folder: string, reason: string, say: SessionObserver["notice"]): Promise<void> {
  try {
    storeFailure(folder, reason);
    await judgeRun(folder);
  } catch (error) {
    // The failure itself is told, too; this is only why there is no report of it.
    say(`there is no report in ${shownPath(folder)}: ${(error as Error).message}`);
  }
}

function runOptions(
  job: Job,
  { observer }: RunWatcher,
  options: Omit<RunCampaignsOptions, "began">,
): ProcessRunOptions {
  const { results, signal, hold } = options;
  return {
    results,
    signal,
    observer,
    commandLine: job.commandLine,
    ...(hold === undefined ? {} : { hold }),
  };
}

/** Our own errors say what to do; for any other one, the place where it was thrown is needed, too. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UnjudgeableRun && error.cause instanceof Error)
    return `${error.message}\n${error.cause.stack ?? ""}`;
  return error instanceof RedquakeError ? error.message : (error.stack ?? error.message);
}
