/**
 * Redlock, to the letter
 * (https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/#the-redlock-algorithm): ask all N servers
 * with a deadline for each that is small against the time to live; held when a majority granted it and time is left
 * after drift; released on every server, also on those that did not answer.
 */
import type { Redis } from "ioredis";
import { LongTimeout } from "../../../machine/long-timeout.ts";
import type { LockAdapter } from "../adapter.ts";
import type { Prolong } from "./single-server.ts";
import { COMPARE_AND_DELETE, prolongOwn } from "./single-server.ts";
import type { CountsFrom } from "./validity.ts";
import { Validity } from "./validity.ts";

/** A server that has not answered after this share of the time to live counts as one that refused. */
const SERVER_DEADLINE_SHARE = 0.1;
/** Clocks may drift by this share of the time to live, and Redis expires with a precision of about a millisecond. */
const DRIFT_SHARE = 0.01;
const DRIFT_FLOOR_MS = 2;

/** What an implementation may get wrong; what is not given is right. */
export interface RedlockRules {
  /** How many of so many servers have to grant it. Default: more than half. */
  readonly quorum?: (servers: number) => number;
  /** How long a server may take to answer, as a share of the time to live. */
  readonly serverDeadlineShare?: number;
  /** Whether a grant that took longer than the time to live is none. Default true. */
  readonly checksElapsed?: boolean;
  /** Whether what was granted by some is given back when that was not enough. Default true. */
  readonly releasesFailed?: boolean;
  /** How it prolongs the lock on one server. Default: comparing first, in one script. */
  readonly prolong?: Prolong;
  /** When the time to live of an extension begins, as the client counts. Default: before it is asked for. */
  readonly extensionCountsFrom?: CountsFrom;
}

export const redlock = redlockLock("redlock", {});

export function redlockLock(name: string, rules: RedlockRules): LockAdapter {
  const {
    quorum = (servers) => Math.floor(servers / 2) + 1,
    serverDeadlineShare = SERVER_DEADLINE_SHARE,
    checksElapsed = true,
    releasesFailed = true,
    prolong = prolongOwn,
    extensionCountsFrom = "asked",
  } = rules;
  return {
    name,
    servers: "majority",
    open({ redis, endpoints, clientId }) {
      const servers = endpoints.map((_, i) => redis(i));
      const majority = quorum(servers.length);
      let taken = 0;
      return {
        async acquire(key, ttlMs) {
          taken += 1;
          const value = `${clientId}:${taken}`;
          const deadlineMs = ttlMs * serverDeadlineShare;
          const onMajority = (ask: (server: Redis) => Promise<boolean>): Promise<boolean> =>
            majorityOf(
              servers.map((server) => vote(ask(server), deadlineMs)),
              majority,
            );
          const validity = new Validity(withoutDrift(ttlMs));
          const release = (): Promise<boolean> => onMajority((server) => freeOn(server, key, value));
          const granted = await onMajority((server) => grantOn(server, key, value, ttlMs));
          if (!granted || (checksElapsed && validity.remainingMs() <= 0)) {
            if (releasesFailed) await release();
            return null;
          }
          return {
            release,
            extend: (ms) =>
              validity.renew(
                withoutDrift(ms),
                () => onMajority((server) => prolong(server, key, value, ms)),
                extensionCountsFrom,
              ),
            validUntil: () => validity.until(),
          };
        },
      };
    },
  };
}

function withoutDrift(ttlMs: number): number {
  return ttlMs - ttlMs * DRIFT_SHARE - DRIFT_FLOOR_MS;
}

async function grantOn(server: Redis, key: string, value: string, ttlMs: number): Promise<boolean> {
  return (await server.set(key, value, "PX", ttlMs, "NX")) === "OK";
}

async function freeOn(server: Redis, key: string, value: string): Promise<boolean> {
  return (await server.eval(COMPARE_AND_DELETE, 1, key, value)) === 1;
}

/** A server that fails or does not answer in time has not voted; Redlock needs no more from it than that. */
export function vote(answer: Promise<boolean>, deadlineMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = new LongTimeout(() => resolve(false), deadlineMs);
    const settle = (granted: boolean): void => {
      timer.clear();
      resolve(granted);
    };
    answer.then(settle, () => settle(false));
  });
}

/** Resolves as soon as it is certain whether a majority says yes; a slow minority is not waited for. */
export function majorityOf(votes: readonly Promise<boolean>[], majority: number): Promise<boolean> {
  return new Promise((resolve) => {
    let yes = 0;
    let no = 0;
    for (const each of votes) {
      void each.then((granted) => {
        if (granted) yes += 1;
        else no += 1;
        if (yes >= majority) resolve(true);
        else if (no > votes.length - majority) resolve(false);
      });
    }
  });
}
