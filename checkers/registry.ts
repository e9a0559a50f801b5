/** All checkers, by the name that claims use. */
import { availability } from "./availability.ts";
import type { Checker } from "./checker.ts";
import { delivery } from "./delivery.ts";
import { linearizableClaim } from "./linearizable.ts";
import { lockOverlap } from "./lock-overlap.ts";
import { lockProgress } from "./lock-progress.ts";
import { lockRelease } from "./lock-release.ts";
import { lockResource } from "./lock-resource.ts";
import { lockTokenOrder } from "./lock-token-order.ts";
import { register } from "./register.ts";
import { set } from "./set.ts";
import { stopsAccepting } from "./stops-accepting.ts";

export const CHECKERS: ReadonlyMap<string, Checker> = new Map([
  ["lock-overlap", lockOverlap],
  ["lock-resource", lockResource],
  ["lock-token-order", lockTokenOrder],
  ["lock-release", lockRelease],
  ["lock-progress", lockProgress],
  ["delivery", delivery],
  ["set", set],
  ["register", register],
  ["linearizable", linearizableClaim],
  ["availability", availability],
  ["stops-accepting", stopsAccepting],
]);

/** @throws TypeError that names the unknown checker and all that there are. */
export function checkerNamed(name: string): Checker {
  const checker = CHECKERS.get(name);
  if (checker === undefined) {
    throw new TypeError(`there is no checker ${JSON.stringify(name)}; there are ${[...CHECKERS.keys()].join(", ")}`);
  }
  return checker;
}
