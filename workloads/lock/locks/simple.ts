/**
 * The simple lock on one server: `SET key value NX PX ttl`, released by comparing and deleting in one script
 * (https://redis.io/docs/latest/develop/clients/patterns/distributed-locks/#correct-implementation-with-a-single-instance).
 */
import type { LockAdapter } from "../lock.ts";
import { untilObtained } from "../retry.ts";

/** KEYS[1] the lock, ARGV[1] the holder's value. Returns 1 when it was deleted, 0 when it was not the holder's. */
export const COMPARE_AND_DELETE = `
if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0`;

export const simple: LockAdapter = {
  name: "simple",
  async open({ redis, clientId, random }) {
    const server = await redis();
    let taken = 0;
    return {
      acquire(key, ttlMs, wait) {
        return untilObtained(
          async () => {
            taken += 1;
            const value = `${clientId}:${taken}`;
            // The time to live is counted from before the command is sent: the key cannot expire earlier than we think.
            const started = performance.now();
            if ((await server.set(key, value, "PX", ttlMs, "NX")) !== "OK") return null;
            return {
              release: async () => (await server.eval(COMPARE_AND_DELETE, 1, key, value)) === 1,
              remainingMs: () => ttlMs - (performance.now() - started),
            };
          },
          wait,
          random,
        );
      },
    };
  },
};
