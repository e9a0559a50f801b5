/**
 * The published entry point `redquake/run`: campaigns run, and results merged, from code.
 * @module redquake/run
 */
import { campaigns as shipped } from "../campaigns/index.ts";
import type { Campaign } from "../runner/campaign.ts";

export type { MergedResults, MergedRun, MergeOptions } from "./merge/merge-results.ts";
export { mergeResults } from "./merge/merge-results.ts";
export type { ClaimResult, RunOptions, RunResult } from "./run.ts";
export { run, RunFailedError } from "./run.ts";
export type { Campaign } from "../runner/campaign.ts";
export type { Verdict } from "../checkers/judge/verdict.ts";
export { RedquakeError } from "../machine/redquake-error.ts";
export { UsageError } from "../machine/usage-error.ts";

/** All campaigns that redquake brings along, by their names. */
export const campaigns: Readonly<Record<string, Campaign>> = Object.fromEntries(
  shipped.map((campaign) => [campaign.name, campaign]),
);
