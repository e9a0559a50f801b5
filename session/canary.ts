/** Does the harness go red when a promise breaks? What a run of a promise that is known to break says about it. */
import { canary } from "../campaigns/canary.ts";
import { EXIT } from "./exit-code.ts";
import type { Job } from "./plan/job.ts";
import type { RepeatingFlags } from "./plan/repeating-command.ts";
import { repeatingCommand } from "./plan/repeating-command.ts";

export function canaryJob(seed: number, flags: RepeatingFlags): Job {
  return { plan: canary.plan(seed), commandLine: repeatingCommand("canary", seed, flags) };
}

/**
 * 0 when the run was red, as it must be; 255 when it was green: then no verdict can be believed; 2 when it decided
 * nothing.
 * @param code how the canary's own run ended
 */
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

/** @param code how the canary's own run ended */
export function canaryInWords(code: number): string {
  switch (code) {
    case EXIT.promiseBroken:
      return "the canary is red, as it must be";
    case EXIT.wellDone:
      return "the canary is green: a promise that is known to break was judged to hold, so no verdict of this harness can be believed";
    default:
      return `the canary was not tried: its run ended with ${code}`;
  }
}
