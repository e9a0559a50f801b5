/** One run of a campaign with a lock of choice. */
import type { Campaign } from "../runner/campaign.ts";
import { lockReplacement } from "./replace-lock.ts";
import type { Job } from "./run-campaigns.ts";
import { UsageError } from "./usage-error.ts";
import { commandName } from "./user-folder.ts";

/** @throws UsageError when the campaign is not for such a lock; what `lockReplacement` throws. */
export async function lockJob(lock: string, campaign: Campaign, seed: number): Promise<Job> {
  const replacement = await lockReplacement(lock);
  if (replacement.suiting([campaign]).length === 0)
    throw new UsageError(`${campaign.name} is not for ${lock}: choose a campaign whose system suits it`);
  const plan = replacement.plan(campaign, seed);
  return {
    plan,
    commandLine: `${commandName()} campaigns ${campaign.name} --seed ${seed} --adapter ${JSON.stringify(lock)}`,
    refused: replacement.whyRefused(plan),
    lock,
  };
}
