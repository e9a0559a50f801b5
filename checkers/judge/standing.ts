/**
 * What is promised of the lock that was tested. That a holder stops in time is promised of those who are told until
 * when they hold it, or that they do not any more: a library that says nothing between grant and release has not
 * promised it, and its user can only hope. What breaks is found all the same.
 */
import type { History } from "../../history/history.ts";
import type { Claim } from "../../history/plan.ts";
import { lockSubjectOf } from "../registry.ts";
import { grantsOf } from "../lock/parts/grants.ts";

/**
 * The claim with the standing that it has for this lock; where the campaign says what it expects, somebody has thought
 * of the lock, and nothing changes.
 */
export function withOwnStanding(claim: Claim, history: History): Claim {
  if (claim.standing !== "promised" || claim.expect !== undefined || lockSubjectOf(claim)?.asksHolders !== true)
    return claim;
  const grants = grantsOf(history);
  return grants.length > 0 && grants.every(({ silent }) => silent) ? { ...claim, standing: "hoped" } : claim;
}
