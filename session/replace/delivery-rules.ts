/** Campaigns of deliveries with another adapter: what is claimed follows from its contract. */
import { isDeliveryCampaign } from "../../campaigns/delivery/words/delivery-campaign.ts";
import { deliveryExpectation } from "../../campaigns/delivery/words/expectations.ts";
import { withoutExpectation } from "../../campaigns/declare/declare.ts";
import { DELIVERY_FACTS, wholeFacts } from "../../workloads/delivery/adapter-shape.ts";
import type { KindRules } from "./kind-rules.ts";

export const deliveryRules: KindRules = {
  kind: "delivery",
  isForOthers: isDeliveryCampaign,
  plan: (campaign, seed, facts) =>
    isDeliveryCampaign(campaign)
      ? campaign.planForOther(seed, wholeFacts(DELIVERY_FACTS.parse(facts)))
      : campaign.plan(seed),
  claims: (plan) => plan.claims.map(withoutExpectation),
  expectation: deliveryExpectation,
  limits: () => "",
  whyRefused: () => undefined,
};
