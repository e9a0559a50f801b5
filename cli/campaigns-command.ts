/** `redquake campaigns`: choose, plan, run, judge, report. */
import { randomInt } from "node:crypto";
import { campaigns } from "../campaigns/index.ts";
import type { Campaign, Suite } from "../runner/campaign.ts";
import { needsOf } from "../runner/needs.ts";
import type { Shard } from "./arguments.ts";
import { LARGEST_SEED, toxiproxyText } from "./arguments.ts";
import { EXIT } from "./exit-code.ts";
import type { Job } from "./run-campaigns.ts";
import type { SessionFlags } from "./run-session.ts";
import { runSession, wantedRedis } from "./run-session.ts";
import { say } from "./say.ts";
import { selectCampaigns } from "./select-campaigns.ts";
import { UsageError } from "./usage-error.ts";
import { commandName } from "./user-folder.ts";

export interface CampaignsFlags extends SessionFlags {
  readonly list?: true;
  readonly suite?: Suite;
  readonly timeLimit?: number;
  readonly seed?: number;
  readonly repeat: number;
  readonly shard?: Shard;
}

/** Seeds are drawn below this: short enough to be read out. */
const FRESH_SEEDS = 2 ** 31;
/** What a campaign needs is told for one of its plans. */
const LISTED_SEED = 1;

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
  const code = await runSession(async () => {
    say(seedLine(firstSeed, flags));
    return planJobs(chosen, firstSeed, flags);
  }, flags);
  say(seedLine(firstSeed, flags));
  return code;
}

function seedLine(first: number, { repeat, seed }: CampaignsFlags): string {
  const range = repeat === 1 ? `seed ${first}` : `seeds ${first} to ${first + repeat - 1}`;
  return seed === undefined ? `${range}, drawn for this call; --seed ${first} repeats it` : range;
}

/** Every campaign once per seed. */
function planJobs(chosen: readonly Campaign[], firstSeed: number, flags: CampaignsFlags): Job[] {
  const seeds = Array.from({ length: flags.repeat }, (_, i) => firstSeed + i);
  return seeds.flatMap((seed) =>
    chosen.map((campaign) => {
      const plan = campaign.plan(seed);
      return {
        plan: flags.timeLimit === undefined ? plan : { ...plan, loadMs: flags.timeLimit },
        commandLine: repeatingCommand(campaign, seed, flags),
      };
    }),
  );
}

function repeatingCommand(campaign: Campaign, seed: number, flags: CampaignsFlags): string {
  return [
    `${commandName()} campaigns ${campaign.name} --seed ${seed}`,
    ...(flags.timeLimit === undefined ? [] : [`--time-limit ${flags.timeLimit}ms`]),
    ...(flags.host === "auto" ? [] : [`--host ${flags.host}`]),
    ...(flags.redis === undefined ? [] : [`--redis ${JSON.stringify(wantedRedis(flags))}`]),
    ...(flags.toxiproxy.kind === "embedded" ? [] : [`--toxiproxy ${toxiproxyText(flags.toxiproxy)}`]),
  ].join(" ");
}

function list(chosen: readonly Campaign[], json: boolean): void {
  if (json) {
    for (const { name, title, suite, plan } of chosen)
      console.log(JSON.stringify({ name, title, suite, needs: needsOf(plan(LISTED_SEED)) }));
    return;
  }
  const width = Math.max(0, ...chosen.map(({ name }) => name.length));
  for (const { name, title, suite } of chosen) console.log(`${name.padEnd(width)}  ${suite.padEnd(8)}  ${title}`);
}
