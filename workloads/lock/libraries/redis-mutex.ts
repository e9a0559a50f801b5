/**
 * `redis-mutex` (https://github.com/fghibellini/redis-mutex) on node-redis 3: its `runWithMutex`, with one attempt.
 *
 * It has no defaults. Its `intervalTime` is the time to live, and it prolongs the lock by itself `renewTime` before
 * that is over; when it cannot, it ends the process. `maxTime`, after which it does so too, is as long as a timer can
 * be. It frees the lock without waiting for an answer, and says nothing of it between grant and release.
 */
import { once } from "node:events";
import { loadClientLibrary } from "../../clients/client-library.ts";
import { Routines } from "./in-routine.ts";
import type { LockLibrary } from "./library.ts";
import type { NodeRedis3Module } from "./node-redis-3.ts";

interface RedisMutexModule {
  runWithMutex(settings: object, routine: () => Promise<void>): PromiseLike<void>;
}

/** The share of the time to live that is left when it is prolonged. */
const RENEW_SHARE = 0.2;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const redisMutexRun: LockLibrary = {
  name: "redis-mutex",
  package: "redis-mutex",
  tried: ["2.0.1"],
  beside: ["redis@3.1.2"],
  fails: {
    "release-of-others": "it deletes the key without looking whose it is",
  },
  adapter: (installed) => ({
    // Its client knows nothing of Sentinel.
    systems: ["single"],
    async open({ endpoints: [server], log }) {
      if (server === undefined) throw new RangeError("there is no server to connect to");
      const redisClient = (loadClientLibrary(installed, "redis") as NodeRedis3Module).createClient(server);
      // Without a listener an error of a connection ends the process.
      redisClient.on("error", (error: Error) => log(`redis: ${error.message}`));
      await once(redisClient, "ready");
      const { runWithMutex } = loadClientLibrary(installed) as RedisMutexModule;
      const routines = new Routines();
      return {
        async acquire(key, ttlMs) {
          const settings = {
            redisClient,
            key,
            attempts: 1,
            intervalTime: ttlMs,
            renewTime: RENEW_SHARE * ttlMs,
            maxTime: LONGEST_TIMER_MS,
          };
          try {
            // It aborts nothing: it ends the process instead.
            const { release, outcome } = await routines.held((routine) =>
              Promise.resolve(runWithMutex(settings, () => routine(new AbortController().signal))),
            );
            return { release, outcome };
          } catch (error) {
            if ((error as Error).message === "Other instance is running!") return null;
            throw error;
          }
        },
        close: async () => {
          await routines.close();
          redisClient.end(false);
        },
      };
    },
  }),
};
