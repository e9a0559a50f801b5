/** Campaigns of the user's own, from modules in the user's project. */
import { loadModule } from "../../machine/load-module.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { userPath } from "../../machine/user-folder.ts";
import type { Campaign, Suite } from "../../runner/campaign.ts";

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LONGEST_NAME = 100;
const SUITES: readonly Suite[] = ["quick", "standard", "nightly"];

/**
 * Every export that is a campaign, be it named or the default one, in the order of the files and of their exports.
 * @param files as the user named them
 * @throws UsageError when a file cannot be loaded or exports no campaign, or when a name is unfit or there twice.
 */
export async function loadCampaigns(files: readonly string[]): Promise<readonly Campaign[]> {
  const found = new Map<string, Campaign>();
  for (const file of files) {
    const own = (await loadModule(userPath(file), file)).filter(looksLikeCampaign);
    if (own.length === 0) {
      throw new UsageError(
        `${JSON.stringify(file)} exports no campaign: let it export what \`campaign({ … })\` of redquake/campaign makes`,
      );
    }
    for (const campaign of own) {
      const problem = found.has(campaign.name) ? "is there twice" : problemOf(campaign);
      if (problem !== undefined)
        throw new UsageError(`the campaign ${JSON.stringify(campaign.name)} of ${JSON.stringify(file)} ${problem}`);
      found.set(campaign.name, campaign);
    }
  }
  return [...found.values()];
}

function looksLikeCampaign(value: unknown): value is Campaign {
  return typeof value === "object" && value !== null && "plan" in value && typeof value.plan === "function";
}

function problemOf({ name, suite, title }: Campaign): string | undefined {
  if (typeof name !== "string" || !NAME.test(name) || name.length > LONGEST_NAME)
    return "has a name that cannot be one of a folder: write it in lower case with hyphens, such as my-lock-paused-holder";
  if (!SUITES.includes(suite)) return `is of the suite ${JSON.stringify(suite)}, and there are ${SUITES.join(", ")}`;
  return typeof title === "string" ? undefined : "has no title";
}
