/** `redquake campaigns`: choose, plan, run, judge, report. */
import { randomInt } from "node:crypto";
import { campaigns } from "../campaigns/index.ts";
import type { Plan } from "../history/plan.ts";
import type { Campaign, Suite } from "../runner/campaign.ts";
import type { Shard } from "./arguments.ts";
import { LARGEST_SEED } from "./arguments.ts";
import { EXIT } from "./exit-code.ts";
import { faultsReplacement } from "./replace-faults.ts";
import type { FaultsFlags, FaultsReplacement } from "./replace-faults.ts";
import type { Job } from "./run-campaigns.ts";
import type { SessionFlags } from "./run-session.ts";
import { runSession, wantedRedis } from "./run-session.ts";
import { say } from "./say.ts";
import { selectCampaigns } from "./select-campaigns.ts";
import { shimMissing } from "./shim-missing.ts";
import { UsageError } from "./usage-error.ts";
import { commandName } from "./user-folder.ts";

export interface CampaignsFlags extends SessionFlags, FaultsFlags {
  readonly list?: true;
  readonly suite?: Suite;
  readonly timeLimit?: number;
  readonly seed?: number;
  readonly repeat: number;
  readonly shard?: Shard;
}

/** Seeds are drawn below this: short enough to be read out. */
const FRESH_SEEDS = 2 ** 31;

/**
 * Resolves with the exit code.
 * @throws UsageError when a pattern fits no campaign, or the flags ask for something that cannot be done.
 */
export async function campaignsCommand(patterns: readonly string[], flags: CampaignsFlags): Promise<number> {
  const chosen = selectCampaigns(campaigns, { patterns, suite: flags.suite, shard: flags.shard });
  if (flags.list === true) {
    list(chosen, flags.json === true);
    return EXIT.wellDone;
  }
  const firstSeed = flags.seed ?? randomInt(FRESH_SEEDS);
  if (firstSeed + flags.repeat - 1 > LARGEST_SEED) {
    throw new UsageError(
      `--repeat ${flags.repeat} from --seed ${firstSeed} goes beyond the largest seed, ${LARGEST_SEED}: use a smaller seed`,
    );
  }
  const replacement = await faultsReplacement(flags);
  // Before anything is started: a schedule may name what a campaign does not have.
  for (const campaign of chosen) planOf(campaign, firstSeed, flags, replacement);
  const code = await runSession(async () => {
    say(seedLine(firstSeed, flags));
    return planJobs(chosen, firstSeed, flags, replacement);
  }, flags);
  say(seedLine(firstSeed, flags));
  return code;
}

function seedLine(first: number, { repeat, seed }: CampaignsFlags): string {
  const range = repeat === 1 ? `seed ${first}` : `seeds ${first} to ${first + repeat - 1}`;
  return seed === undefined ? `${range}, drawn for this call; --seed ${first} repeats it` : range;
}

/** Every campaign once per seed. */
async function planJobs(
  chosen: readonly Campaign[],
  firstSeed: number,
  flags: CampaignsFlags,
  replacement: FaultsReplacement | undefined,
): Promise<Job[]> {
  const missing = chosen.some((campaign) => campaign.needsShim) ? await shimMissing() : undefined;
  const seeds = Array.from({ length: flags.repeat }, (_, i) => firstSeed + i);
  return seeds.flatMap((seed) =>
    chosen.map((campaign) => ({
      plan: planOf(campaign, seed, flags, replacement),
      impossible: campaign.needsShim ? missing : undefined,
      commandLine: repeatingCommand(campaign, seed, flags, replacement),
    })),
  );
}

function planOf(
  campaign: Campaign,
  seed: number,
  { timeLimit }: CampaignsFlags,
  replacement: FaultsReplacement | undefined,
): Plan {
  const plan = campaign.plan(seed);
  const limited = timeLimit === undefined ? plan : { ...plan, loadMs: timeLimit };
  return replacement === undefined ? limited : replacement.apply(limited);
}

function repeatingCommand(
  campaign: Campaign,
  seed: number,
  flags: CampaignsFlags,
  replacement: FaultsReplacement | undefined,
): string {
  return [
    `${commandName()} campaigns ${campaign.name} --seed ${seed}`,
    ...(flags.timeLimit === undefined ? [] : [`--time-limit ${flags.timeLimit}ms`]),
    ...(replacement === undefined ? [] : [replacement.flags]),
    ...(flags.host === "auto" ? [] : [`--host ${flags.host}`]),
    ...(flags.redis === undefined ? [] : [`--redis ${JSON.stringify(wantedRedis(flags))}`]),
  ].join(" ");
}

function list(chosen: readonly Campaign[], json: boolean): void {
  if (json) {
    for (const { name, title, suite, needsShim } of chosen)
      console.log(JSON.stringify({ name, title, suite, needsShim }));
    return;
  }
  const width = Math.max(0, ...chosen.map(({ name }) => name.length));
  for (const { name, title, suite } of chosen) console.log(`${name.padEnd(width)}  ${suite.padEnd(8)}  ${title}`);
}
