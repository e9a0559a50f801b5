/** The contract of a run from start to end; `run-plan.ts` has the body. */
import type { Plan } from "../history/plan.ts";
import type { Observer } from "./progress.ts";

export interface RunOptions {
  /** Where stored runs go: the run's folder is `<results>/<campaign>/<UTC time>-<seed>/`. */
  readonly results: string;
  /** `auto`: Docker where an engine answers and the image is there, else plain processes. */
  readonly host: "auto" | "process" | "docker";
  /** The absolute path of a `redis-server`, or the version or image for Docker; undefined for the default of each host. */
  readonly redis: string | undefined;
  /** The command that repeats this run, for the report. */
  readonly commandLine: string;
  readonly observer: Observer;
  /** Aborting it heals the faults, saves the history, cleans up, and ends the run with `interrupted`. */
  readonly signal: AbortSignal;
  /** Called after the final reads, while everything is still up: for looking around. The clean-up waits for it. */
  readonly hold?: (addresses: readonly string[]) => Promise<void>;
}

export interface RunResult {
  /** The stored run: run.json, plan.json, history.jsonl, logs/. */
  readonly folder: string;
  readonly interrupted: boolean;
}

/**
 * Runs a plan on real servers and stores what happened.
 * @throws HarnessError when the harness itself failed: a node that does not start, a worker that crashes, a full disk. What was recorded is kept.
 */
export type RunPlan = (plan: Plan, options: RunOptions) => Promise<RunResult>;
