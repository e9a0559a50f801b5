/**
 * The canary: a lock that is known to be unsafe, with the claim that breaks made a promise. It must come out red; a
 * harness in which it does not would not see a broken promise of Redis either. It is no campaign of any suite.
 */
import type { Campaign } from "../runner/campaign.ts";
import { lockPlainDelete } from "./locks/releases/plain-delete.ts";

export const canary: Campaign = {
  name: "canary",
  title: "The canary: a promise that is known to break",
  suite: lockPlainDelete.suite,
  plan(seed) {
    const plan = lockPlainDelete.plan(seed);
    return {
      ...plan,
      campaign: this.name,
      title: this.title,
      claims: plan.claims.map((claim) => ({ ...claim, standing: "promised", expect: "holds" })),
    };
  },
};
