/** Campaigns of caches with another cache: its claims, and what is expected of it. */
import { cacheExpectationOf } from "../../campaigns/cache/expectations.ts";
import { isCacheCampaign } from "../../campaigns/cache/lanes.ts";
import { withoutExpectation } from "../../campaigns/declare/declare.ts";
import type { Plan } from "../../history/plan.ts";
import { CACHE_FACTS } from "../../workloads/cache/adapter-shape.ts";
import type { CacheFacts } from "../../workloads/cache/adapter-shape.ts";
import type { KindRules } from "./kind-rules.ts";

export const cacheRules: KindRules = {
  kind: "cache",
  isForOthers: () => true,
  plan: (campaign, seed, facts) => {
    const plan = isCacheCampaign(campaign) ? campaign.planForOther(seed) : campaign.plan(seed);
    const { storeKey } = CACHE_FACTS.parse(facts);
    return storeKey === undefined ? plan : { ...plan, options: { ...plan.options, storeKey } };
  },
  claims: (plan, facts) => {
    const { behindMs = 0 } = CACHE_FACTS.parse(facts);
    return plan.claims
      .map((claim) => (claim.checker === "cache" ? { ...claim, options: { ...claim.options, behindMs } } : claim))
      .map(withoutExpectation);
  },
  expectation: cacheExpectationOf,
  limits: () => "",
  whyRefused: (plan, facts, named) => {
    if (killsSubscribers(plan) && writesOf(CACHE_FACTS.parse(facts)).includes("direct"))
      return `${named} hears of writes that nobody publishes (\`writes\`), and may have no subscription for ${plan.campaign} to kill.`;
    const cannot = waysOf(plan).filter((how) => !writesOf(CACHE_FACTS.parse(facts)).includes(how));
    return cannot.length === 0
      ? undefined
      : `${named} does not say that it can cope with a store that is written by ${cannot.join(" and ")} (\`writes\`), as ${plan.campaign} does.`;
  },
};

function writesOf({ writes = ["set"] }: CacheFacts): readonly string[] {
  return writes;
}

/** A fault that finds no connection to kill decides nothing. */
function killsSubscribers({ faults }: Plan): boolean {
  return faults.some(({ kind, options: { type } }) => kind === "client-kill" && type === "pubsub");
}

/** How the writers of a plan write. */
function waysOf({ workers }: Plan): string[] {
  const writers = workers.filter(({ role }) => role === "writer");
  return [...new Set(writers.map(({ options: { how } }) => (typeof how === "string" ? how : "set")))];
}
