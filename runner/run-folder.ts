/**
 * Where a run keeps what stays (`results/<campaign>/<UTC time>-<seed>/`) and what does not (a temporary folder for its
 * nodes).
 */
import { lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Plan } from "../history/plan.ts";
import { assertTemporaryWritable } from "./assert-writable.ts";
import { HarnessError } from "./harness-error.ts";
import { ABOUT_FILE, coordinatorMark, runFolderPrefix } from "./equipment/clean.ts";

/** Makes the folder of the stored run, and lets `results/latest` point to it. */
export function createStoredRun(results: string, plan: Plan, startedAt: Date): string {
  const folder = makeRunFolder(resolve(results, plan.campaign), plan.seed, startedAt.getTime());
  mkdirSync(join(folder, "logs"));
  pointLatest(results, folder);
  return folder;
}

/**
 * When runs of the same campaign and seed start in the same millisecond, as with several locks side by side, each
 * gets a name of its own.
 */
function makeRunFolder(campaign: string, seed: number, startedAt: number): string {
  mkdirSync(campaign, { recursive: true });
  if (!lstatSync(campaign).isDirectory())
    throw new HarnessError(
      `${campaign} is a symbolic link, and no run is stored through one: remove it, or choose another place with --results`,
    );
  for (let time = startedAt; ; time += 1) {
    const folder = join(campaign, `${new Date(time).toISOString().replaceAll(/[:.]/g, "-")}-${seed}`);
    try {
      mkdirSync(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** By a rename, so that `latest` always leads somewhere, also when several runs start at once. */
function pointLatest(results: string, folder: string): void {
  const latest = join(resolve(results), "latest");
  const fresh = `${latest}.${process.pid}`;
  rmSync(fresh, { force: true });
  symlinkSync(relative(dirname(latest), folder), fresh);
  renameSync(fresh, latest);
}

export interface TemporaryFolder {
  readonly path: string;
  /** The run's id: unique on this machine. */
  readonly run: string;
  /** Names the process that wants the run for good, see `clean.ts`. */
  readonly coordinator: string;
  /** Marks every process of the run, for the clean-up after a kill. */
  readonly environment: Readonly<Record<string, string>>;
  remove(): void;
}

/**
 * @param about whose it is, for those who find it after a kill: `lock-simple with seed 7, stored in …`
 * @param coordinator the mark of the process without which nobody needs it; this one unless said otherwise
 */
export function createTemporaryFolder(about = "", coordinator = coordinatorMark()): TemporaryFolder {
  assertTemporaryWritable();
  const path = mkdtempSync(join(tmpdir(), runFolderPrefix));
  const run = basename(path).slice(runFolderPrefix.length);
  try {
    writeFileSync(join(path, ABOUT_FILE), about);
    writeFileSync(join(path, "coordinator"), coordinator);
  } catch (error) {
    // Without the mark nobody would know whose it is.
    rmSync(path, { recursive: true, force: true });
    throw error;
  }
  return {
    path,
    run,
    coordinator,
    environment: { REDQUAKE_RUN: run, REDQUAKE_COORDINATOR: coordinator },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
