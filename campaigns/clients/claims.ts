/** What is claimed of clients, in the same words in every campaign. */
import type { CheckerOptionsOf } from "../../checkers/registry.ts";
import { IOREDIS_RESENDS, REDIS_REPLIES, NODE_REDIS_RECONNECTS, NODE_REDIS_TIMEOUT } from "../declare/sources.ts";
import type { ClientClaim } from "./lanes.ts";

type More = Pick<ClientClaim, "brokenBy" | "brokenByAll" | "notOf" | "needs" | "standing">;

const MIN_CALLS = 20;

/** What the caller was told to have succeeded happened exactly once. */
export function once(more: More = {}): ClientClaim {
  return {
    id: "once",
    statement: "What its caller was told to have succeeded happened exactly once.",
    source: REDIS_REPLIES,
    checker: "client-calls",
    options: { property: "once", minCalls: MIN_CALLS },
    ...more,
  };
}

/** Nothing happened twice: hoped of libraries that send again by default. */
export function noDuplicate(more: More = {}): ClientClaim {
  return {
    id: "no-duplicate",
    statement: "Nothing that was asked for once happens twice.",
    source: IOREDIS_RESENDS,
    checker: "client-calls",
    options: { property: "no-duplicate", minCalls: MIN_CALLS },
    ...more,
  };
}

export function refusedNothing(more: More = {}): ClientClaim {
  return {
    id: "refused-nothing",
    statement: "What its caller was told to have been refused did not happen.",
    source: REDIS_REPLIES,
    checker: "client-calls",
    options: { property: "refused-nothing" },
    ...more,
  };
}

/** Nobody promises it: what was sent may have been carried out. */
export function noGhost(more: More = {}): ClientClaim {
  return {
    id: "no-ghost",
    statement: "What its caller was told to have failed, as it timed out, did not happen.",
    source: NODE_REDIS_TIMEOUT,
    checker: "client-calls",
    options: { property: "no-ghost" },
    standing: "hoped",
    ...more,
  };
}

/** @param boundMs shorter than the caller's deadline, where there is one */
export function settles(more: More = {}, boundMs?: number): ClientClaim {
  const options: CheckerOptionsOf<"client-calls"> = {
    property: "settles",
    ...(boundMs === undefined ? {} : { boundMs }),
  };
  return {
    id: "settles",
    statement: `Every call settles${boundMs === undefined ? " by its deadline" : ` within ${boundMs} ms`}, one way or the other.`,
    source: NODE_REDIS_RECONNECTS,
    checker: "client-calls",
    options,
    ...more,
  };
}

export function atomic(more: More = {}): ClientClaim {
  return {
    id: "atomic",
    statement: "Either all commands of a transaction happen, or none does.",
    source: REDIS_REPLIES,
    checker: "client-calls",
    options: { property: "atomic", minCalls: MIN_CALLS },
    ...more,
  };
}

export interface Recovery {
  readonly afterFault: string;
  /** Since the fault's injection, unless `from` says otherwise. */
  readonly boundMs: number;
  readonly from?: "injection" | "heal";
  readonly f?: "call" | "wait";
}

/** For every key by itself: a client that has lost one of many slots goes on with the others. */
export function recovers({ afterFault, boundMs, from = "heal", f = "call" }: Recovery, more: More = {}): ClientClaim {
  return {
    id: "recovery",
    statement: `On every key some command succeeds again within ${boundMs} ms after the fault ${from === "heal" ? "is gone" : "began"}.`,
    source: NODE_REDIS_RECONNECTS,
    checker: "availability",
    options: { f: [f], boundMs, afterFault, from, each: ["worker", "subject"] },
    ...more,
  };
}
