/** All checkers, by the name that claims use. */
import { availability } from "./availability.ts";
import type { Checker } from "./checker.ts";
import { elleClaim, invariantClaim, linearizableClaim } from "./claims-of-analyses.ts";
import { delivery } from "./delivery.ts";
import { lockAnswer } from "./lock-answer.ts";
import { lockExtension } from "./lock-extension.ts";
import { lockFalseLoss } from "./lock-false-loss.ts";
import { jobs } from "./jobs.ts";
import { lockLeftovers } from "./lock-leftovers.ts";
import { lockLoad } from "./lock-load.ts";
import { lockOutcome } from "./lock-outcome.ts";
import { lockOverlap } from "./lock-overlap.ts";
import { lockProgress } from "./lock-progress.ts";
import { lockRelease } from "./lock-release.ts";
import { lockResource } from "./lock-resource.ts";
import { lockTokenOrder } from "./lock-token-order.ts";
import { registerSurvival } from "./register-survival.ts";
import { setSurvival } from "./set-survival.ts";
import { stopsAccepting } from "./stops-accepting.ts";

export const CHECKERS: ReadonlyMap<string, Checker> = new Map([
  ["lock-overlap", lockOverlap],
  ["lock-resource", lockResource],
  ["lock-token-order", lockTokenOrder],
  ["lock-release", lockRelease],
  ["lock-progress", lockProgress],
  ["lock-leftovers", lockLeftovers],
  ["lock-load", lockLoad],
  ["lock-answer", lockAnswer],
  ["lock-extension", lockExtension],
  ["lock-false-loss", lockFalseLoss],
  ["lock-outcome", lockOutcome],
  ["delivery", delivery],
  ["jobs", jobs],
  ["set-survival", setSurvival],
  ["register-survival", registerSurvival],
  ["availability", availability],
  ["stops-accepting", stopsAccepting],
  ["linearizable", linearizableClaim],
  ["elle", elleClaim],
  ["invariant", invariantClaim],
]);

/** Names that plans of older versions use. */
const FORMER_NAMES: ReadonlyMap<string, string> = new Map([
  ["set", "set-survival"],
  ["register", "register-survival"],
]);

/** @throws TypeError that names the unknown checker and all that there are. */
export function checkerNamed(name: string): Checker {
  const checker = CHECKERS.get(FORMER_NAMES.get(name) ?? name);
  if (checker === undefined) {
    throw new TypeError(`there is no checker ${JSON.stringify(name)}; there are ${[...CHECKERS.keys()].join(", ")}`);
  }
  return checker;
}
