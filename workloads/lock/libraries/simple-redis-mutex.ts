/**
 * `simple-redis-mutex` (https://github.com/AmrSaber/simple-redis-mutex) on node-redis: its `tryLock`, once per
 * `acquire`.
 *
 * Options: its defaults, and those of node-redis. It says nothing of a lock between grant and release, and its release
 * says nothing of what it did. It prolongs a lock to the time to live that it was asked for with, whatever an extension
 * asks for. Its fencing token is drawn from a counter of its own, by a command of its own.
 */
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { LockLibrary } from "./library.ts";
import type { NodeRedisModule } from "./node-redis.ts";
import { connectNodeRedis } from "./node-redis.ts";

interface MutexModule {
  tryLock(
    client: object,
    name: string,
    options: { readonly timeout: number },
  ): Promise<[got: boolean, release: Release]>;
}

interface Release {
  (): Promise<void>;
  readonly fencingToken: number;
  refreshTimeout(): Promise<void>;
}

export const simpleRedisMutex: LockLibrary = {
  name: "simple-redis-mutex",
  package: "simple-redis-mutex",
  tried: ["3.0.0"],
  beside: ["redis@6.3.1"],
  fails: {
    extends: "refreshTimeout() takes no time: it prolongs to the time to live of the grant",
    "extends-own-only": "refreshTimeout() resolves to the same whether the lock was prolonged or had been lost",
  },
  adapter: (installed) => ({
    // Its client knows nothing of Sentinel.
    systems: ["single"],
    async open({ endpoints, log }) {
      const { tryLock } = loadClientLibrary(installed) as MutexModule;
      const client = await connectNodeRedis(loadClientLibrary(installed, "redis") as NodeRedisModule, endpoints, log);
      return {
        async acquire(key, ttlMs) {
          const [got, release] = await tryLock(client, key, { timeout: ttlMs });
          if (!got) return null;
          return { release, extend: () => release.refreshTimeout(), token: release.fencingToken };
        },
        close: () => Promise.resolve(client.destroy()),
      };
    },
  }),
};
