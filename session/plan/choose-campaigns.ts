/** Which campaigns are meant, and which adapters are put through them instead of their own. */
import { campaigns as shipped } from "../../campaigns/index.ts";
import type { Campaign, Suite } from "../../runner/campaign.ts";
import { adapterKindNamed } from "../../workloads/adapter-kinds.ts";
import type { AdapterReplacement } from "../replace/replace-adapter.ts";
import { campaignsThatSuit, replacementsNamed } from "../replace/replace-adapter.ts";
import { kindOfCampaign, wordFor } from "../select/campaign-kinds.ts";
import { loadCampaigns } from "../select/load-campaigns.ts";
import { readDurations } from "../select/read-durations.ts";
import { selectCampaigns } from "../select/select-campaigns.ts";
import type { Shard } from "../select/shard-campaigns.ts";

export interface Wishes {
  /** Names, parts of names, names with `*`, or the word for a kind such as `locks`; none for all of the suite. */
  readonly patterns: readonly string[];
  readonly suite?: Suite | undefined;
  readonly shard?: Shard | undefined;
  /** A file of measured durations, instead of the one that redquake brings. */
  readonly durations?: string | undefined;
  /** Modules that export the user's own campaigns, which take the place of those that redquake brings along. */
  readonly campaign?: readonly string[] | undefined;
  /** The adapters under test, instead of those that the campaigns name. */
  readonly adapter?: readonly string[] | undefined;
  /** All that redquake brings along, but those that are wrong on purpose. */
  readonly allAdapters?: boolean | undefined;
}

export interface Choice {
  readonly campaigns: readonly Campaign[];
  /** Each adapter under test with those of the campaigns that suit it; undefined for the campaigns' own. */
  readonly adapters: ReadonlyMap<AdapterReplacement, readonly Campaign[]> | undefined;
}

/**
 * @throws UsageError when a pattern fits no campaign; what `loadCampaigns`, `adapterReplacement` and
 * `campaignsThatSuit` throw.
 */
export async function chooseCampaigns(wishes: Wishes, notice: (sentence: string) => void): Promise<Choice> {
  const { shard, durations, campaign: modules, adapter: named = [], allAdapters = false } = wishes;
  const asked = await replacementsNamed(named, notice);
  const selected = selectCampaigns(modules === undefined ? shipped : await loadCampaigns(modules), {
    patterns: patternsOf(wishes, asked),
    // All of one's own are meant, unless the user says otherwise.
    suite: wishes.suite ?? (modules === undefined ? undefined : "nightly"),
    shard,
    durations: await readDurations(durations),
  });
  if (asked.length === 0 && !allAdapters) return { campaigns: selected, adapters: undefined };
  const others = allAdapters ? await replacementsNamed(allOf(selected), notice) : [];
  const adapters = campaignsThatSuit([...asked, ...others], selected, notice);
  const suits = new Set([...adapters.values()].flat());
  return { campaigns: selected.filter((campaign) => suits.has(campaign)), adapters };
}

/** Without patterns, an adapter goes through all campaigns of its kind. */
function patternsOf(
  { patterns, allAdapters = false }: Wishes,
  asked: readonly AdapterReplacement[],
): readonly string[] {
  if (patterns.length > 0) return patterns;
  const kinds = asked.map(({ kind }) => kind);
  return [...new Set(kinds.length === 0 && allAdapters ? ["lock" as const] : kinds)].map(wordFor);
}

/** What redquake brings along of the kinds that the campaigns are about. */
function allOf(campaigns: readonly Campaign[]): readonly string[] {
  const kinds = new Set(campaigns.flatMap((campaign) => kindOfCampaign(campaign) ?? []));
  return [...kinds].flatMap((kind) => adapterKindNamed(kind).shelf.compared);
}
