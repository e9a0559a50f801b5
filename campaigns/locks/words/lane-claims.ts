/** The claims that several campaigns with lanes make, each with the specimens that break it. */
import type { CheckerOptionsOf } from "../../../checkers/registry.ts";
import { KLEPPMANN, LOCK_PAGE } from "../../declare/sources.ts";
import type { LaneClaim } from "./lanes.ts";

/** `belief`, where a client is told that it holds the lock after its lock is over. */
export function noGrantBesideBelief(
  brokenBy: readonly string[],
  options: Omit<CheckerOptionsOf<"lock-overlap">, "level"> = {},
): LaneClaim {
  return {
    id: "belief",
    statement: "No client is granted the lock while another one is told by its library that it holds it.",
    source: LOCK_PAGE,
    checker: "lock-overlap",
    options: { level: "belief", ...options },
    brokenBy,
  };
}

/** `belief`, where one client is told so for too long. */
export function noTwoBeliefs(brokenBy: readonly string[]): LaneClaim {
  return {
    id: "belief",
    statement: "No two clients are told at the same time that they hold the lock.",
    source: LOCK_PAGE,
    checker: "lock-overlap",
    options: { level: "belief" },
    brokenBy,
  };
}

export function risingTokens(brokenBy: readonly string[]): LaneClaim {
  return {
    id: "token-order",
    statement: "A later grant has a higher token.",
    source: KLEPPMANN,
    checker: "lock-token-order",
    options: {},
    brokenBy,
  };
}

export function noGrantBesideGrant(brokenBy: readonly string[], source = LOCK_PAGE): LaneClaim {
  return {
    id: "grant",
    statement: "No client is granted the lock while another one has been granted it and has not let go.",
    source,
    checker: "lock-overlap",
    options: { level: "grant" },
    brokenBy,
  };
}
