/** `redquake replay RUN`: runs a stored plan again. */
import { replayJobs } from "../../../session/plan/replay-jobs.ts";
import type { SessionFlags } from "./run-session.ts";
import { runSession } from "./run-session.ts";

export interface ReplayFlags extends SessionFlags {
  readonly repeat: number;
  /** What the plan may execute, each in the words with which it was refused. */
  readonly allowCode?: readonly string[];
}

/** Resolves with the exit code. @throws what `replayJobs` and `runSession` throw. */
export async function replayAction(named: string, flags: ReplayFlags): Promise<number> {
  return runSession(await replayJobs(named, flags.allowCode ?? [], flags.repeat), flags);
}
