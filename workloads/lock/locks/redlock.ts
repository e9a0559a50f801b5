/**
 * Redlock, to the letter (https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/#the-redlock-algorithm):
 * ask all N servers with a deadline for each that is small against the time to live; held when a majority granted it and
 * time is left after drift; released on every server, also on those that did not answer.
 */
import type { Redis } from "ioredis";
import type { Held, LockAdapter } from "../lock.ts";
import { untilObtained } from "../retry.ts";
import { COMPARE_AND_DELETE } from "./single-server.ts";

/** A server that has not answered after this share of the time to live counts as one that refused. */
const SERVER_DEADLINE_SHARE = 0.1;
/** Clocks may drift by this share of the time to live, and Redis expires with a precision of about a millisecond. */
const DRIFT_SHARE = 0.01;
const DRIFT_FLOOR_MS = 2;

export const redlock: LockAdapter = {
  name: "redlock",
  async open({ redis, servers: count, clientId, random }) {
    const servers = await Promise.all(Array.from({ length: count }, (_, i) => redis(i)));
    const majority = Math.floor(count / 2) + 1;
    let taken = 0;

    const attempt = async (key: string, ttlMs: number): Promise<Held | null> => {
      taken += 1;
      const value = `${clientId}:${taken}`;
      const started = performance.now();
      const deadlineMs = ttlMs * SERVER_DEADLINE_SHARE;
      const remainingMs = (): number => ttlMs - (performance.now() - started) - ttlMs * DRIFT_SHARE - DRIFT_FLOOR_MS;
      const release = async (): Promise<boolean> => {
        return majorityOf(
          servers.map((server) => vote(freeOn(server, key, value), deadlineMs)),
          majority,
        );
      };
      const granted = await majorityOf(
        servers.map((server) => vote(grantOn(server, key, value, ttlMs), deadlineMs)),
        majority,
      );
      if (granted && remainingMs() > 0) return { release, remainingMs };
      await release();
      return null;
    };
    return { acquire: (key, ttlMs, wait) => untilObtained(() => attempt(key, ttlMs), wait, random) };
  },
};

async function grantOn(server: Redis, key: string, value: string, ttlMs: number): Promise<boolean> {
  return (await server.set(key, value, "PX", ttlMs, "NX")) === "OK";
}

async function freeOn(server: Redis, key: string, value: string): Promise<boolean> {
  return (await server.eval(COMPARE_AND_DELETE, 1, key, value)) === 1;
}

/** A server that fails or does not answer in time has not voted; Redlock needs no more from it than that. */
function vote(answer: Promise<boolean>, deadlineMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), deadlineMs);
    const settle = (granted: boolean): void => {
      clearTimeout(timer);
      resolve(granted);
    };
    answer.then(settle, () => settle(false));
  });
}

/** Resolves as soon as it is certain whether a majority says yes; a slow minority is not waited for. */
function majorityOf(votes: readonly Promise<boolean>[], majority: number): Promise<boolean> {
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
