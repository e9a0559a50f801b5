/** Campaigns of locks with another lock: its claims, and what is expected of it. */
import { expectationOf } from "../../campaigns/locks/words/expectations.ts";
import { isForOthers, hasLanes } from "../../campaigns/locks/words/lanes.ts";
import { withoutExpectation } from "../../campaigns/declare/declare.ts";
import { lockSubjectOf } from "../../checkers/registry.ts";
import type { Claim, Plan } from "../../history/plan.ts";
import { AdapterError } from "../../workloads/adapter/adapter-error.ts";
import type { AdapterFacts } from "../../workloads/adapter/kind.ts";
import { LOCK_FACTS } from "../../workloads/lock/adapter-shape.ts";
import { assertTtl } from "../../workloads/lock/guard.ts";
import { flawOf } from "../../workloads/lock/specimens/registry.ts";
import type { KindRules } from "./kind-rules.ts";

export const lockRules: KindRules = {
  kind: "lock",
  isForOthers,
  plan: (campaign, seed) => (hasLanes(campaign) ? campaign.planForOther(seed) : campaign.plan(seed)),
  claims: (plan, facts) => {
    const limit = limitOf(facts);
    return plan.claims
      .map((claim) => promisedOfOthers(claim, plan))
      .filter((claim) => limit === 1 || lockSubjectOf(claim)?.ofSemaphores === true)
      .map((claim) =>
        claim.checker === "lock-overlap" && limit > 1 ? { ...claim, options: { ...claim.options, limit } } : claim,
      )
      .map(withoutExpectation);
  },
  expectation: expectationOf,
  limits: (facts) => (limitOf(facts) === 1 ? "" : ` and lets ${limitOf(facts)} hold a key`),
  whyRefused: (plan, facts, named) => {
    const ttlMs = plan.options["ttlMs"];
    try {
      assertTtl(LOCK_FACTS.parse(facts), typeof ttlMs === "number" ? ttlMs : undefined, named);
      return undefined;
    } catch (error) {
      if (error instanceof AdapterError) return `refused: ${error.message}`;
      throw error;
    }
  },
};

function limitOf(facts: AdapterFacts): number {
  return LOCK_FACTS.parse(facts).limit ?? 1;
}

/**
 * What a campaign does not promise because its own lock is broken on purpose is promised of every other one: so a claim
 * has one standing wherever the same fault breaks it.
 */
function promisedOfOthers(claim: Claim, { options: { lock } }: Plan): Claim {
  const isFlawed = typeof lock === "string" && flawOf(lock) !== undefined;
  return isFlawed && claim.standing === "hoped" && claim.expect === "broken"
    ? { ...claim, standing: "promised" }
    : claim;
}
