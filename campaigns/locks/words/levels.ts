/**
 * The claims about a lock at its three levels, with the same ids and words in every campaign: `grant` (what the calls
 * that succeeded say), `belief` (what the library says when it is asked) and `resource` (what the lock is there for).
 */
import type { DeclaredClaim } from "../../declare/declare.ts";
import type { CheckerOptionsOf } from "../../../checkers/registry.ts";
import { hoped, promised } from "../../declare/declare.ts";
import { KLEPPMANN, LOCK_PAGE } from "../../declare/sources.ts";

/** The claim is about what libraries do by themselves to keep a lock alive: it is not about those that do nothing. */
export const OF_WATCHDOGS = { refreshed: true };

/** Who promises it, or what the reference lock is seen to do with a hope. */
type Terms = Pick<DeclaredClaim, "standing" | "expect" | "source">;

export function grant(terms: Terms, options: Omit<CheckerOptionsOf<"lock-overlap">, "level"> = {}): DeclaredClaim {
  return {
    id: "grant",
    statement: "No client is granted the lock while another one has been granted it and has not let go.",
    ...terms,
    checker: "lock-overlap",
    options: { level: "grant", ...options },
  };
}

export function belief(terms: Terms, options: Omit<CheckerOptionsOf<"lock-overlap">, "level"> = {}): DeclaredClaim {
  return {
    id: "belief",
    statement:
      "No client is granted the lock while the library of another one still says that it holds it, or says nothing at all.",
    ...terms,
    checker: "lock-overlap",
    options: { level: "belief", ...options },
  };
}

export function resource(terms: Terms, options: CheckerOptionsOf<"lock-resource"> = {}): DeclaredClaim {
  return {
    id: "resource",
    statement: "No write of a former holder gets to the resource, and no update is lost.",
    ...terms,
    checker: "lock-resource",
    options,
  };
}

/**
 * More than the resource can know by itself: it counts from the moment at which the next client is granted the lock,
 * not only from when that one gets to the resource.
 */
export function formerHolders(terms: Terms): DeclaredClaim {
  return {
    id: "former-holders",
    statement: "No write is accepted that was sent after the next client had been granted the lock.",
    ...terms,
    checker: "lock-resource",
    options: { since: "grant" },
  };
}

export function tokenOrder(terms: Terms): DeclaredClaim {
  return {
    id: "token-order",
    statement: "A later grant has a higher token.",
    ...terms,
    checker: "lock-token-order",
    options: {},
  };
}

/** The grants of a lock without regard to its time to live: nobody who knows of paused holders promises it. */
export function oneHolder(source: string): DeclaredClaim {
  return hoped("grant", "No two clients hold the lock at the same time.", source, "lock-overlap", { level: "grant" });
}

/** The claim `resource` of a lock whose grants have rising tokens, which the resource looks at. */
export const FENCED_RESOURCE = promised(
  "resource",
  "Fencing tokens keep former holders from writing to the resource.",
  KLEPPMANN,
  "lock-resource",
  { fenced: true },
);

export const FENCE: readonly DeclaredClaim[] = [
  FENCED_RESOURCE,
  tokenOrder({ standing: "promised", expect: "holds", source: KLEPPMANN }),
];

/** Long against what a client waits for others, and for servers that it has given up. */
const MAJORITY_BOUND_MS = 10_000;

/**
 * About one client that a fault cuts off from a minority of the servers: a library that waits for these keeps it from
 * what the campaign is about.
 * @param cut the fault's id
 */
export function progressWithMajority(client: string, cut: string): DeclaredClaim {
  return {
    id: "progress",
    statement: `A client that is cut off from two of five servers, or one of three, goes on to get the lock (within ${MAJORITY_BOUND_MS} ms).`,
    standing: "hoped",
    expect: "holds",
    source: LOCK_PAGE,
    checker: "lock-progress",
    options: { boundMs: MAJORITY_BOUND_MS, afterFault: cut },
    workers: [client],
  };
}

/** @param boundMs how long a free lock may be waited for in vain, in milliseconds */
export function progress(
  terms: Terms,
  boundMs: number,
  options: Omit<CheckerOptionsOf<"lock-progress">, "boundMs"> = {},
): DeclaredClaim {
  return {
    id: "progress",
    statement: `A lock that nobody holds is granted to a client that waits for it (within ${boundMs} ms).`,
    ...terms,
    checker: "lock-progress",
    options: { boundMs, ...options },
  };
}

/** What a client is told that does not get the lock. */
export function refusal(terms: Terms): DeclaredClaim {
  return {
    id: "refusal",
    statement: "A client is told that another one has the lock only when another one may have it.",
    ...terms,
    checker: "lock-answer",
    options: { property: "true" },
  };
}

export function falseLoss(terms: Terms, options: CheckerOptionsOf<"lock-false-loss"> = {}): DeclaredClaim {
  return {
    id: "false-loss",
    statement: "No holder is told that its lock is lost when it is not.",
    ...terms,
    checker: "lock-false-loss",
    options,
  };
}
