/** Which campaigns are meant. */
import type { Campaign, Suite } from "../../runner/campaign.ts";
import type { CampaignDurations } from "../../store/durations.ts";
import { kindOfCampaign, kindOfWord } from "./campaign-kinds.ts";
import { didYouMean } from "../../history/suggest.ts";
import type { Shard } from "./shard-campaigns.ts";
import { campaignsOfShard } from "./shard-campaigns.ts";
import { UsageError } from "../../machine/usage-error.ts";

/** From the smallest: each suite contains those before it. */
const SUITES: readonly Suite[] = ["quick", "standard", "nightly"];
const DEFAULT_SUITE: Suite = "standard";

export interface Selection {
  /** Names, parts of names, names with `*`, or `locks`, `delivery`, `cache`, `leader`, `clients`; none is all. */
  readonly patterns: readonly string[];
  /** Undefined when the user named no suite: then it is `standard`, or every campaign that the patterns fit. */
  readonly suite: Suite | undefined;
  readonly shard: Shard | undefined;
  /** By which shards are cut; not read without a shard. */
  readonly durations: CampaignDurations;
}

/**
 * The chosen campaigns, in the order of the list.
 * @throws UsageError when a pattern fits none.
 */
export function selectCampaigns(
  all: readonly Campaign[],
  { patterns, suite, shard, durations }: Selection,
): Campaign[] {
  const wantedSuite = suite ?? (patterns.length === 0 ? DEFAULT_SUITE : "nightly");
  const inSuite = all.filter((campaign) => SUITES.indexOf(campaign.suite) <= SUITES.indexOf(wantedSuite));
  const wanted = new Set(patterns.flatMap((pattern) => fitting(pattern, all, inSuite, wantedSuite)));
  const chosen = patterns.length === 0 ? inSuite : inSuite.filter((campaign) => wanted.has(campaign));
  return shard === undefined ? chosen : campaignsOfShard(chosen, shard, durations);
}

function fitting(pattern: string, all: readonly Campaign[], inSuite: readonly Campaign[], suite: Suite): Campaign[] {
  const found = matching(pattern, inSuite);
  if (found.length > 0) return found;
  const outside = matching(pattern, all);
  if (outside.length > 0) {
    const names = outside.map((campaign) => campaign.name).join(", ");
    throw new UsageError(
      `no campaign of the suite ${suite} fits ${JSON.stringify(pattern)}: ${names} would; use a larger --suite, or none`,
    );
  }
  const names = all.map((campaign) => campaign.name);
  throw new UsageError(
    `no campaign fits ${JSON.stringify(pattern)}${didYouMean(pattern, names)}; campaigns --list --suite nightly names them all`,
  );
}

/** A whole name stands for itself alone, even where it is a part of others. */
function matching(pattern: string, campaigns: readonly Campaign[]): Campaign[] {
  const exact = campaigns.filter((campaign) => campaign.name === pattern);
  if (exact.length > 0) return exact;
  const kind = kindOfWord(pattern);
  if (kind !== undefined) return campaigns.filter((campaign) => kindOfCampaign(campaign) === kind);
  const expression = pattern
    .split("*")
    .map((part) => part.replaceAll(/[^\w-]/g, String.raw`\$&`))
    .join(".*");
  const whole = pattern.includes("*") ? new RegExp(`^${expression}$`) : new RegExp(expression);
  return campaigns.filter((campaign) => whole.test(campaign.name));
}
