/** The claims about leaders, with the same ids and words in every campaign, each with the elections that break it. */
import type { CheckerOptionsOf } from "../../../checkers/registry.ts";
import { KLEPPMANN, LEASES_DO_NOT_FENCE, LOCK_PAGE } from "../../declare/sources.ts";
import type { LaneClaim } from "./lanes.ts";

/** How long a term lasts in most campaigns. */
export const TERM_MS = 1_500;

/** Libraries ask again after a second or so, and a machine that is busy is late. */
const GRACE_MS = 2_500;

/** A term that nobody renews, the next attempt, and grace. */
export const AGAIN_MS = 2 * TERM_MS + GRACE_MS;

export function oneBelief(
  brokenBy: readonly string[],
  options: Omit<CheckerOptionsOf<"leader-overlap">, "level"> = {},
): LaneClaim {
  return {
    id: "belief",
    statement: "No two candidates are told by their libraries, when they ask, that they lead at the same time.",
    source: LOCK_PAGE,
    checker: "leader-overlap",
    options: { level: "asked", ...options },
    brokenBy,
  };
}

/** From what a candidate was told by itself: one that hears nothing, or is stopped, has not been told of its end. */
export function oneTold(brokenBy: readonly string[]): LaneClaim {
  return {
    id: "told",
    statement: "Nobody is told of its election before the leader is told of its end.",
    source: LEASES_DO_NOT_FENCE,
    checker: "leader-overlap",
    options: { level: "told" },
    standing: "hoped",
    brokenBy,
  };
}

export function seated(brokenBy: readonly string[]): LaneClaim {
  return {
    id: "seat",
    statement: "A candidate that is told by its library that it leads is the leader that a server has.",
    source: LOCK_PAGE,
    checker: "leader-seat",
    options: {},
    brokenBy,
  };
}

export function ledAgain(
  brokenBy: readonly string[],
  boundMs = AGAIN_MS,
  options: Omit<CheckerOptionsOf<"leader-progress">, "boundMs"> = {},
): LaneClaim {
  return {
    id: "progress",
    statement: `Somebody leads for as long as somebody stands: when a leader is lost, again within ${boundMs} ms.`,
    source: LOCK_PAGE,
    checker: "leader-progress",
    options: { boundMs, ...options },
    brokenBy,
  };
}

export function stopsWork(brokenBy: readonly string[]): LaneClaim {
  return {
    id: "after-demotion",
    statement: "A leader that was told of its demotion is not told, when it asks, that it leads.",
    source: LOCK_PAGE,
    checker: "leader-word",
    options: { property: "after-demotion" },
    brokenBy,
  };
}

export function toldOnce(brokenBy: readonly string[]): LaneClaim {
  return {
    id: "once",
    statement: "A candidate is told once of each election.",
    source: LOCK_PAGE,
    checker: "leader-word",
    options: { property: "once" },
    brokenBy,
  };
}

/** For leaders without tokens, or whatever their tokens. */
export function noStaleWork(brokenBy: readonly string[], standing: LaneClaim["standing"] = "hoped"): LaneClaim {
  return {
    id: "work",
    statement: "No work of a former leader is accepted after that of the next one.",
    source: LEASES_DO_NOT_FENCE,
    checker: "leader-work",
    options: {},
    standing,
    brokenBy,
  };
}

export function fencedWork(brokenBy: readonly string[]): LaneClaim {
  return {
    id: "fenced-work",
    statement: "Fencing tokens keep the work of former leaders from the resource.",
    source: KLEPPMANN,
    checker: "leader-work",
    options: { fenced: true },
    brokenBy,
  };
}

export function risingTokens(brokenBy: readonly string[]): LaneClaim {
  return {
    id: "token-order",
    statement: "A later election has a higher token.",
    source: KLEPPMANN,
    checker: "leader-token-order",
    options: {},
    brokenBy,
  };
}
