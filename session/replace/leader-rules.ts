/** Campaigns of leaders with another election: its claims, and what is expected of it. */
import { withoutExpectation } from "../../campaigns/declare/declare.ts";
import { expectationOf } from "../../campaigns/leader/words/expectations.ts";
import { hasLanes } from "../../campaigns/leader/words/lanes.ts";
import { AdapterError } from "../../workloads/adapter/adapter-error.ts";
import { LEADER_FACTS } from "../../workloads/leader/adapter-shape.ts";
import { assertTermMs } from "../../workloads/leader/guard.ts";
import type { KindRules } from "./kind-rules.ts";

export const leaderRules: KindRules = {
  kind: "leader",
  isForOthers: () => true,
  plan: (campaign, seed) => (hasLanes(campaign) ? campaign.planForOther(seed) : campaign.plan(seed)),
  claims: (plan) => plan.claims.map(withoutExpectation),
  expectation: expectationOf,
  limits: () => "",
  whyRefused: (plan, facts, named) => {
    const termMs = plan.options["termMs"];
    try {
      assertTermMs(LEADER_FACTS.parse(facts), typeof termMs === "number" ? termMs : undefined, named);
      return undefined;
    } catch (error) {
      if (error instanceof AdapterError) return `refused: ${error.message}`;
      throw error;
    }
  },
};
