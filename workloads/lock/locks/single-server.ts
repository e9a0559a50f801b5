/**
 * What every lock on one server has in common: tries until it is granted, counts the time to live from before the command is sent (so that
 * the key cannot expire earlier than the client thinks), and is released by comparing and deleting in one script
 * (https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/#correct-implementation-with-a-single-instance).
 */
import type { Redis } from "ioredis";
import type { LockAdapter } from "../lock.ts";
import { untilObtained } from "../retry.ts";

/** KEYS[1] the lock, ARGV[1] the holder's value. Returns 1 when it was deleted, 0 when it was not the holder's. */
export const COMPARE_AND_DELETE = `
if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0`;

/** Asks the server for the lock once; null when somebody else has it. */
export type Grant = (server: Redis, key: string, value: string, ttlMs: number) => Promise<{ token?: number } | null>;

export function singleServerLock(name: string, grant: Grant): LockAdapter {
  return {
    name,
    async open({ redis, clientId, random }) {
      const server = await redis();
      let attempts = 0;
      return {
        acquire(key, ttlMs, wait) {
          return untilObtained(
            async () => {
              attempts += 1;
              const value = `${clientId}:${attempts}`;
              const started = performance.now();
              const granted = await grant(server, key, value, ttlMs);
              return (
                granted && {
                  ...granted,
                  release: async () => (await server.eval(COMPARE_AND_DELETE, 1, key, value)) === 1,
                  remainingMs: () => ttlMs - (performance.now() - started),
                }
              );
            },
            wait,
            random,
          );
        },
      };
    },
  };
}
