/** The contract of a run from start to end; `run-plan.ts` has the body. */
import type { Plan } from "../history/plan.ts";
import type { ToxiproxySource } from "../network/toxiproxy-server.ts";
import type { HostOptions, HostSource } from "./equipment/choose-host.ts";
import type { Observer } from "./progress.ts";

export interface RunOptions {
  /** Where stored runs go: the run's folder is `<results>/<campaign>/<UTC time>-<seed>/`. */
  readonly results: string;
  /** Where nodes run: a word that is looked into for this run, or what was found out for several. */
  readonly host: HostOptions["host"] | HostSource;
  /** The server, where `host` is a word, see `HostOptions`. */
  readonly redis: string | undefined;
  /** Which Toxiproxy carries the links; the embedded one unless said otherwise. */
  readonly toxiproxy?: ToxiproxySource;
  /** The command that repeats this run, for the report. */
  readonly commandLine: string;
  readonly observer: Observer;
  /** Told the folder of the stored run as soon as there is one, whatever becomes of the run. */
  readonly began?: (folder: string) => void;
  /** Aborting it heals the faults, saves the history, cleans up, and ends the run with `interrupted`. */
  readonly signal: AbortSignal;
  /** The mark of the process that wants the run, see `clean.ts`; this one unless said otherwise. */
  readonly coordinator?: string;
  /** Called after the final reads, while everything is still up: for looking around. The clean-up waits for it. */
  readonly hold?: (addresses: readonly string[]) => Promise<void>;
}

export interface RunResult {
  /** The stored run: run.json, plan.json, history.jsonl, logs/. */
  readonly folder: string;
  readonly interrupted: boolean;
  /**
   * Why the run ended before its plan had: a server ended by itself, or the user's adapter was wrong. What was recorded
   * until then can be judged.
   */
  readonly cutShort?: string;
}

/**
 * Runs a plan on real servers and stores what happened.
 * @throws HarnessError when the harness itself failed: a node that does not start, a worker that crashes, a Toxiproxy
 * that is gone, a full disk. What was recorded is kept.
 */
export type RunPlan = (plan: Plan, options: RunOptions) => Promise<RunResult>;
