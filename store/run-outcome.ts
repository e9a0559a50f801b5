/**
 * How a stored run came out: one answer for the terminal, `check`, `merge`, the list of runs, the summary and JUnit.
 */
import type { CampaignOutcome, Verdict } from "../checkers/judge/verdict.ts";
import { EXIT_CODES } from "../checkers/judge/verdict.ts";
import type { RunFacts } from "./run-facts.ts";

/**
 * `harness-failed`: redquake itself failed in that run, so that no verdict can come of it, whatever its history says as
 * far as it goes.
 */
export type RunOutcome = CampaignOutcome | "harness-failed";

interface Ended {
  readonly run: { readonly failure?: string | undefined } | undefined;
  readonly verdict: Verdict | undefined;
}

/** Undefined for a run that was never judged. */
export function outcomeOfRun({ run, verdict }: Ended): RunOutcome | undefined {
  return run?.failure === undefined ? verdict?.outcome : "harness-failed";
}

/** The exit code of a call that made or judged just this run. */
export function exitCodeOfRun(outcome: RunOutcome | undefined): 0 | 1 | 2 | 255 {
  if (outcome === undefined) return 2;
  return outcome === "harness-failed" ? 255 : EXIT_CODES[outcome];
}

/** Why a run has no end that its claims could be judged by, in a sentence; undefined for a run that went to its end. */
export function whyUnfinished({ failure, interrupted }: Pick<RunFacts, "failure" | "interrupted">): string | undefined {
  if (failure !== undefined) return failureInWords(failure);
  return interrupted === true ? "The run was interrupted, or killed, before it had come to its end." : undefined;
}

/** In one line: what follows the first one may be the end of a log. */
export function failureInWords(failure: string): string {
  const line = failure.split("\n")[0] ?? "";
  return `The harness failed: ${line.endsWith(".") ? line : `${line}.`}`;
}
