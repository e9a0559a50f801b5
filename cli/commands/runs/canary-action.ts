/** `redquake canary`: does the harness go red when a promise breaks? */
import { canaryExitCode, canaryInWords, canaryJob } from "../../../session/canary.ts";
import { freshSeed } from "../../../session/plan/seed.ts";
import { say } from "../../terminal/say.ts";
import type { SessionFlags } from "./run-session.ts";
import { runSession } from "./run-session.ts";

export interface CanaryFlags extends SessionFlags {
  readonly seed?: number;
}

/** Resolves with the exit code (`canaryExitCode`). */
export async function canaryAction(flags: CanaryFlags): Promise<number> {
  const code = await runSession([canaryJob(flags.seed ?? freshSeed(), flags)], flags);
  say(canaryInWords(code));
  return canaryExitCode(code);
}
