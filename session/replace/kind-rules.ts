/** What it means for a campaign to be run with another adapter of its kind, by kind. */
import type { Claim, Plan } from "../../history/plan.ts";
import type { Campaign } from "../../runner/campaign.ts";
import type { AdapterFacts } from "../../workloads/adapter/kind.ts";
import type { AdapterKindName } from "../../workloads/adapter/adapter.ts";

export interface KindRules {
  readonly kind: AdapterKindName;
  /** Whether another adapter can take the place of the campaign's own. */
  isForOthers(campaign: Campaign): boolean;
  /** The campaign's plan before the adapter is in it; of one that puts several side by side, with a single one. */
  plan(campaign: Campaign, seed: number, facts: AdapterFacts): Plan;
  /** Those claims of the plan that are about such an adapter, with nothing expected yet. */
  claims(campaign: Campaign, plan: Plan, facts: AdapterFacts): readonly Claim[];
  expectation(name: string, campaign: string, claim: string): Claim["expect"];
  /** What limits its campaigns besides its systems, as the end of a sentence; empty where nothing does. */
  limits(facts: AdapterFacts): string;
  /**
   * Why a plan of a suitable campaign is not run all the same, in one sentence.
   * @param named as the adapter is named in messages
   */
  whyRefused(plan: Plan, facts: AdapterFacts, named: string): string | undefined;
}
