/** Runs of a campaign with an adapter of choice. */
import type { Campaign } from "../../runner/campaign.ts";
import type { AdapterReplacement } from "../replace/replace-adapter.ts";
import type { Job } from "./job.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { commandName } from "../../machine/user-folder.ts";

/** One for each seed. @throws UsageError when the campaign is not for such an adapter. */
export function adapterJobs(adapter: AdapterReplacement, campaign: Campaign, seeds: readonly number[]): Job[] {
  if (adapter.suiting([campaign], () => undefined).length === 0)
    throw new UsageError(`${campaign.name} is not for ${adapter.named}: choose a campaign whose system suits it`);
  return seeds.map((seed) => {
    const plan = adapter.plan(campaign, seed);
    return {
      plan,
      commandLine: `${commandName()} campaigns ${campaign.name} --seed ${seed} --adapter ${JSON.stringify(adapter.named)}`,
      refused: adapter.whyRefused(plan),
      adapter: adapter.named,
    };
  });
}
