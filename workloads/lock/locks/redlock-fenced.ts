/**
 * Redlock with fencing tokens, which the algorithm itself has none of
 * (https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/#disclaimer-about-consistency). Who holds
 * the lock reads the greatest token from a majority of the servers, and writes the next one to a majority. Two
 * majorities have a server in common, so the next holder reads it. A client that was not done within the validity of
 * its lock has no token and no lock. It is as good as the servers' memory.
 */
import type { Redis } from "ioredis";
import type { Held, LockAdapter } from "../adapter.ts";
import { majorityOf, redlock, vote } from "./redlock.ts";

/** A server that has not answered after this share of the time to live has not voted. */
const SERVER_DEADLINE_SHARE = 0.1;

/**
 * KEYS[1] the token, ARGV[1] the next one. Returns 1 when it is greater than the one that was there, which it replaces.
 */
const RAISE = `
if tonumber(redis.call("GET", KEYS[1]) or "0") >= tonumber(ARGV[1]) then return 0 end
redis.call("SET", KEYS[1], ARGV[1])
return 1`;

export const redlockFenced: LockAdapter = {
  ...redlock,
  name: "redlock-fenced",
  async open(environment) {
    const { endpoints, redis } = environment;
    const client = await redlock.open(environment);
    const servers = endpoints.map((_, i) => redis(i));
    return {
      ...client,
      async acquire(key, ttlMs, wait) {
        const held = await client.acquire(key, ttlMs, wait);
        if (held === null) return null;
        const token = await mint(servers, `${key}:token`, ttlMs * SERVER_DEADLINE_SHARE);
        if (token !== undefined && isValid(held)) return { ...held, token };
        await held.release();
        return null;
      },
    };
  },
};

function isValid(held: Held): boolean {
  return (held.validUntil?.() ?? 0) > Date.now();
}

/** The next token; undefined when there is no majority for it. */
async function mint(servers: readonly Redis[], key: string, deadlineMs: number): Promise<number | undefined> {
  const majority = Math.floor(servers.length / 2) + 1;
  const seen: number[] = [];
  const read = async (server: Redis): Promise<boolean> => {
    seen.push(Number((await server.get(key)) ?? 0));
    return true;
  };
  const onMajority = (ask: (server: Redis) => Promise<boolean>): Promise<boolean> =>
    majorityOf(
      servers.map((server) => vote(ask(server), deadlineMs)),
      majority,
    );
  if (!(await onMajority(read))) return undefined;
  const token = Math.max(...seen) + 1;
  const raised = await onMajority(async (server) => (await server.eval(RAISE, 1, key, token)) === 1);
  return raised ? token : undefined;
}
