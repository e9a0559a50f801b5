/**
 * The campaigns that `npm test` runs: the standard suite, those of the nightly one that bring a workload on a system
 * that no other one brings, and every swarm. `REDQUAKE_TEST_CAMPAIGNS=all` chooses all, as CI does.
 */
import { campaigns } from "../../campaigns/index.ts";
import type { Campaign } from "../../runner/campaign.ts";

const SEED = 1;

export function chosenCampaigns(all: boolean): readonly Campaign[] {
  if (all) return campaigns;
  const brought = new Set<string>();
  const bringsNews = (campaign: Campaign): boolean => {
    const { system, workload } = campaign.plan(SEED);
    const family = `${workload} on ${system.kind}`;
    const isNew = !brought.has(family);
    brought.add(family);
    return isNew;
  };
  const nightly = campaigns.filter(({ suite }) => suite === "nightly");
  const standard = campaigns.filter(({ suite }) => suite !== "nightly");
  standard.forEach(bringsNews);
  return [...standard, ...nightly.filter((each) => bringsNews(each) || each.name.startsWith("swarm-"))];
}
