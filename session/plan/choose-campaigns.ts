/** Which campaigns are meant, and which locks they are put through instead of their own. */
import { campaigns as shipped } from "../../campaigns/index.ts";
import type { Campaign, Suite } from "../../runner/campaign.ts";
import { VARIANT_NAMES } from "../../workloads/lock/libraries/registry.ts";
import { LOCK_NAMES } from "../../workloads/lock/registry.ts";
import { flawOf } from "../../workloads/lock/specimens/registry.ts";
import type { LockReplacement } from "../replace/replace-lock.ts";
import { lockReplacements } from "../replace/replace-lock.ts";
import { loadCampaigns } from "../select/load-campaigns.ts";
import { readDurations } from "../select/read-durations.ts";
import { selectCampaigns } from "../select/select-campaigns.ts";
import type { Shard } from "../select/shard-campaigns.ts";

export interface Wishes {
  /** Names, parts of names, names with `*`, or `locks`; none for all of the suite. */
  readonly patterns: readonly string[];
  readonly suite?: Suite | undefined;
  readonly shard?: Shard | undefined;
  /** A file of measured durations, instead of the one that redquake brings. */
  readonly durations?: string | undefined;
  /** Modules that export the user's own campaigns, which take the place of those that redquake brings along. */
  readonly campaign?: readonly string[] | undefined;
  /** The locks under test, instead of those that the campaigns name. */
  readonly adapter?: readonly string[] | undefined;
  /** All that redquake brings along, but those that are wrong on purpose. */
  readonly allAdapters?: boolean | undefined;
}

export interface Choice {
  readonly campaigns: readonly Campaign[];
  /** Each lock under test with those of the campaigns that suit it; undefined for the campaigns' own locks. */
  readonly locks: ReadonlyMap<LockReplacement, readonly Campaign[]> | undefined;
}

/** @throws UsageError when a pattern fits no campaign; what `loadCampaigns` and `lockReplacements` throw. */
export async function chooseCampaigns(wishes: Wishes, notice: (sentence: string) => void): Promise<Choice> {
  const { patterns, suite, shard, durations, campaign: modules, adapter = [], allAdapters = false } = wishes;
  const adapters = [
    ...adapter,
    ...(allAdapters ? LOCK_NAMES.filter((name) => flawOf(name) === undefined && !VARIANT_NAMES.has(name)) : []),
  ];
  const selected = selectCampaigns(modules === undefined ? shipped : await loadCampaigns(modules), {
    patterns: patterns.length === 0 && adapters.length > 0 ? ["locks"] : patterns,
    // All of one's own are meant, unless the user says otherwise.
    suite: suite ?? (modules === undefined ? undefined : "nightly"),
    shard,
    durations: await readDurations(durations),
  });
  if (adapters.length === 0) return { campaigns: selected, locks: undefined };
  const locks = await lockReplacements(adapters, selected, notice);
  const suits = new Set([...locks.values()].flat());
  return { campaigns: selected.filter((campaign) => suits.has(campaign)), locks };
}
