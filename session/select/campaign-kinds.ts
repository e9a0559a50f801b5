/** What campaigns put to the test: locks, deliveries, caches, leaders, clients, or Redis itself. */
import type { Campaign } from "../../runner/campaign.ts";
import type { AdapterKindName } from "../../workloads/adapter/adapter.ts";
import { ADAPTER_KINDS } from "../../workloads/adapter-kinds.ts";

/** The words that stand for all campaigns of a kind, whatever their names. */
const WORDS: { readonly [word: string]: AdapterKindName } = {
  locks: "lock",
  delivery: "delivery",
  cache: "cache",
  leader: "leader",
  clients: "client",
};

/** Those of the kinds that there are. */
export const KIND_WORDS: readonly string[] = ADAPTER_KINDS.map(({ kind }) => wordFor(kind));

/** The word for all campaigns of a kind. */
export function wordFor(kind: AdapterKindName): string {
  return Object.entries(WORDS).find(([, each]) => each === kind)?.[0] ?? kind;
}

/** The kind that a word stands for; undefined when it stands for none. */
export function kindOfWord(word: string): AdapterKindName | undefined {
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
}

/** The kind of adapter that a campaign can be run with; what its workload is does not depend on the seed. */
export function kindOfCampaign(campaign: Campaign): AdapterKindName | undefined {
  const { workload } = campaign.plan(1);
  return ADAPTER_KINDS.find(({ kind }) => kind === workload)?.kind;
}

export function isOfAdapters(campaign: Campaign): boolean {
  return kindOfCampaign(campaign) !== undefined;
}

export function isOfLocks(campaign: Campaign): boolean {
  return kindOfCampaign(campaign) === "lock";
}
