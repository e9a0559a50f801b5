/**
 * `redis-lock` (https://github.com/errorception/redis-lock) on node-redis 4.
 *
 * Options: its defaults. It can only wait: it asks every 50 ms until it has the lock, also when the server answers with
 * errors. It says nothing of a lock between grant and release, and cannot prolong one.
 */
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { LockLibrary } from "./library.ts";
import type { NodeRedis, NodeRedisModule } from "./node-redis.ts";
import { connectNodeRedis } from "./node-redis.ts";

/**
 * Makes a lock; what it resolves to is the release, which resolves to the count of deleted keys, or to nothing when it
 * did not try.
 */
type RedisLockModule = (
  client: NodeRedis,
) => (name: string, ttlMs: number) => Promise<() => Promise<number | undefined>>;

export const redisLock: LockLibrary = {
  name: "redis-lock",
  package: "redis-lock",
  tried: ["1.0.0"],
  beside: ["redis@4.7.1"],
  fails: {
    "release-of-others":
      "a release that its own clock takes for timely deletes the key, even when another client has it by then",
  },
  adapter: (installed) => ({
    // Its client knows nothing of Sentinel.
    systems: ["single"],
    blocking: true,
    async open({ endpoints, log }) {
      const client = await connectNodeRedis(loadClientLibrary(installed, "redis") as NodeRedisModule, endpoints, log);
      const lock = (loadClientLibrary(installed) as RedisLockModule)(client);
      return {
        async acquire(key, ttlMs) {
          const release = await lock(key, ttlMs);
          return { release: async () => (await release()) === 1 };
        },
        close: () => client.disconnect(),
      };
    },
  }),
};
