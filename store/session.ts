/**
 * What `session-<UTC time>-<process id>.json` in a results folder holds: the runs that one call set out to make, and
 * how each one ended. A run that was skipped, that failed or that was never begun leaves little or nothing else behind:
 * without this nobody who reads the results later could tell that it is missing.
 */
export interface Session {
  readonly version: 1;
  /** Wall-clock time of the start, ISO 8601 in UTC. For people. */
  readonly startedAt: string;
  /** Name of the machine. */
  readonly machine: string;
  /** `2/3`: which part of the campaigns this machine was given. */
  readonly shard?: string;
  readonly runs: readonly SessionRun[];
}

export interface SessionRun {
  readonly campaign: string;
  readonly seed: number;
  /** `waiting`: not begun, or begun and not ended when the process died. */
  readonly end: "waiting" | "judged" | "interrupted" | "skipped" | "harness-failed";
  /** Why it was skipped, or how the harness failed. */
  readonly reason?: string;
  /** Folder of the stored run, relative to the results folder, where there is one. */
  readonly folder?: string;
}
