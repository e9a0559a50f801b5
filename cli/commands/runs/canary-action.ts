/**
 * `redquake canary`: does the harness go red when a promise breaks? It runs a campaign whose promise is known to break.
 */
import { canary } from "../../../campaigns/canary.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { freshSeed } from "../../../session/plan/seed.ts";
import { repeatingCommand } from "../../../session/plan/repeating-command.ts";
import type { SessionFlags } from "./run-session.ts";
import { runSession } from "./run-session.ts";
import { say } from "../../terminal/say.ts";

export interface CanaryFlags extends SessionFlags {
  readonly seed?: number;
}

/**
 * Resolves with 0 when the run was red, as it must be; 255 when it was green: then no verdict can be believed; 2 when
 * it decided nothing.
 */
export async function canaryAction(flags: CanaryFlags): Promise<number> {
  const seed = flags.seed ?? freshSeed();
  const commandLine = repeatingCommand("canary", seed, flags);
  const code = await runSession(() => Promise.resolve([{ plan: canary.plan(seed), commandLine }]), flags);
  say(canaryInWords(code));
  return canaryExitCode(code);
}

/** @param code how the canary's own run ended */
export function canaryExitCode(code: number): number {
  switch (code) {
    case EXIT.promiseBroken:
      return EXIT.wellDone;
    case EXIT.wellDone:
      return EXIT.harnessFailed;
    default:
      return code;
  }
}

function canaryInWords(code: number): string {
  switch (code) {
    case EXIT.promiseBroken:
      return "the canary is red, as it must be";
    case EXIT.wellDone:
      return "the canary is green: a promise that is known to break was judged to hold, so no verdict of this harness can be believed";
    default:
      return `the canary was not tried: its run ended with ${code}`;
  }
}
