/** Runs of a campaign with a lock of choice. */
import type { Campaign } from "../../runner/campaign.ts";
import type { LockReplacement } from "../replace/replace-lock.ts";
import type { Job } from "./job.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { commandName } from "../../machine/user-folder.ts";

/** One for each seed. @throws UsageError when the campaign is not for such a lock. */
export function lockJobs(lock: LockReplacement, campaign: Campaign, seeds: readonly number[]): Job[] {
  if (lock.suiting([campaign]).length === 0)
    throw new UsageError(`${campaign.name} is not for ${lock.named}: choose a campaign whose system suits it`);
  return seeds.map((seed) => {
    const plan = lock.plan(campaign, seed);
    return {
      plan,
      commandLine: `${commandName()} campaigns ${campaign.name} --seed ${seed} --adapter ${JSON.stringify(lock.named)}`,
      refused: lock.whyRefused(plan),
      lock: lock.named,
    };
  });
}
