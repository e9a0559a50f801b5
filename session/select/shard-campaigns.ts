/** Which campaigns a shard runs: by measured durations, so that all machines are done at about the same time. */
import type { CampaignDurations } from "../../store/durations.ts";
import { medianOf } from "../../store/durations.ts";

/** Part `index` (from 1) of `of` parts that take nearly the same time. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/**
 * The campaigns of one shard, in the order in which they were given. Every campaign is in exactly one shard, and every
 * machine that is given the same campaigns and durations comes to the same parts: longest first, each to the shard that
 * has the least to do so far (Graham's LPT rule: never longer than 4/3 of the best possible). A campaign without a
 * measure counts as the median of the others.
 */
export function campaignsOfShard<Named extends { readonly name: string }>(
  campaigns: readonly Named[],
  { index, of }: Shard,
  durations: CampaignDurations,
): Named[] {
  const known = campaigns.flatMap(({ name }) => durations.get(name) ?? []);
  const typical = known.length === 0 ? 1 : medianOf(known);
  const costs = campaigns.map((campaign, position) => ({
    campaign,
    position,
    ms: durations.get(campaign.name) ?? typical,
  }));
  const loads: number[] = Array.from({ length: of }, () => 0);
  const own: typeof costs = [];
  for (const cost of costs.toSorted((a, b) => b.ms - a.ms || a.position - b.position)) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] = (loads[least] ?? 0) + cost.ms;
    if (least === index - 1) own.push(cost);
  }
  return own.toSorted((a, b) => a.position - b.position).map(({ campaign }) => campaign);
}
