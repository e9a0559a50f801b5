/** `redquake campaigns`: choose, plan, run, judge, report. */
import { userPath } from "../../../machine/user-folder.ts";
import type { Campaign } from "../../../runner/campaign.ts";
import { needsOf } from "../../../runner/equipment/needs.ts";
import { EXIT } from "../../../session/exit-code.ts";
import type { Wishes } from "../../../session/plan/choose-campaigns.ts";
import { chooseCampaigns } from "../../../session/plan/choose-campaigns.ts";
import { againInWords } from "../../../session/plan/job.ts";
import { planJobs } from "../../../session/plan/plan-jobs.ts";
import { freshSeed, seedsFrom, seedsInWords } from "../../../session/plan/seed.ts";
import type { FaultsFlags } from "../../../session/replace/replace-faults.ts";
import { faultsReplacement } from "../../../session/replace/replace-faults.ts";
import { readFailingSeeds } from "../../../session/select/read-failing-seeds.ts";
import { print, printJson } from "../../terminal/print.ts";
import { say } from "../../terminal/say.ts";
import type { SessionFlags } from "./run-session.ts";
import { runSession } from "./run-session.ts";

export interface CampaignsFlags extends SessionFlags, FaultsFlags, Omit<Wishes, "patterns" | "shard"> {
  readonly list?: true;
  /** How long each load lasts, in milliseconds. */
  readonly timeLimit?: number;
  readonly seed?: number;
  readonly repeat: number;
  /** A file of failing seeds, which are run before all others. */
  readonly failing?: string;
}

/** What a campaign needs is told for one of its plans. */
const LISTED_SEED = 1;

/**
 * Resolves with the exit code.
 * @throws UsageError when a pattern fits no campaign, or the flags ask for something that cannot be done.
 */
export async function campaignsAction(patterns: readonly string[], flags: CampaignsFlags): Promise<number> {
  const choice = await chooseCampaigns({ ...flags, patterns }, say);
  if (flags.list === true) {
    list(choice.campaigns, flags.json === true);
    return EXIT.wellDone;
  }
  const seeds = seedsFrom(flags.seed ?? freshSeed(), flags.repeat);
  // Before anything is started: a schedule may name what a campaign does not have, and steps may make no sense.
  const jobs = await planJobs(choice, seeds, {
    failing: flags.failing === undefined ? [] : await readFailingSeeds(userPath(flags.failing)),
    faults: await faultsReplacement(flags),
    loadMs: flags.timeLimit,
    command: { ...flags, campaigns: flags.campaign },
  });
  const seedLine = seedsInWords(seeds, flags.seed === undefined);
  const code = await runSession(jobs, flags, [seedLine, ...againInWords(jobs)]);
  say(seedLine);
  return code;
}

function list(chosen: readonly Campaign[], json: boolean): void {
  if (json) {
    for (const { name, title, suite, plan } of chosen)
      printJson({ name, title, suite, needs: needsOf(plan(LISTED_SEED)) });
    return;
  }
  const width = Math.max(0, ...chosen.map(({ name }) => name.length));
  for (const { name, title, suite } of chosen) print(`${name.padEnd(width)}  ${suite.padEnd(8)}  ${title}`);
}
