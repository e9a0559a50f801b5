/** Campaigns of clients with another client: its claims, and what is expected of it. */
import { clientExpectation } from "../../campaigns/clients/expectations.ts";
import { isClientCampaign } from "../../campaigns/clients/lanes.ts";
import { withoutExpectation } from "../../campaigns/declare/declare.ts";
import type { KindRules } from "./kind-rules.ts";

export const clientRules: KindRules = {
  kind: "client",
  isForOthers: () => true,
  plan: (campaign, seed) => (isClientCampaign(campaign) ? campaign.planForOther(seed) : campaign.plan(seed)),
  claims: (plan) => plan.claims.map(withoutExpectation),
  expectation: clientExpectation,
  limits: () => "",
  whyRefused: () => undefined,
};
