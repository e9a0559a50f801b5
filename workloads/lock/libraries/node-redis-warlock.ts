/**
 * `node-redis-warlock` (https://github.com/TheDeveloper/warlock) on node-redis 3, whose interface is callbacks.
 *
 * Options: its defaults; one attempt per `acquire`. It says nothing of a lock between grant and release. A release, and
 * an extension (`touch`), tell whether the lock was its own.
 */
import { once } from "node:events";
import { promisify } from "node:util";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { LockLibrary } from "./library.ts";
import type { NodeRedis3, NodeRedis3Module } from "./node-redis-3.ts";

type Callback<T> = (error: Error | null, result: T) => void;
type Unlock = (callback: Callback<number>) => void;

type WarlockModule = (client: NodeRedis3) => {
  lock(
    key: string,
    ttlMs: number,
    callback: (error: Error | null, unlock: Unlock | false | undefined, id: string | undefined) => void,
  ): void;
  touch(key: string, id: string, ttlMs: number): Promise<"OK" | 0>;
};

export const nodeRedisWarlock: LockLibrary = {
  name: "node-redis-warlock",
  package: "node-redis-warlock",
  tried: ["1.0.2"],
  beside: ["redis@3.1.2"],
  adapter: (installed) => ({
    // Its client knows nothing of Sentinel.
    systems: ["single"],
    async open({ endpoints: [server], log }) {
      if (server === undefined) throw new RangeError("there is no server to connect to");
      const client = (loadClientLibrary(installed, "redis") as NodeRedis3Module).createClient(server);
      // Without a listener an error of a connection ends the process.
      client.on("error", (error: Error) => log(`redis: ${error.message}`));
      await once(client, "ready");
      const warlock = (loadClientLibrary(installed) as WarlockModule)(client);
      return {
        acquire: (key, ttlMs) =>
          new Promise((resolve, reject) => {
            warlock.lock(key, ttlMs, (error, unlock, id) => {
              if (error !== null) reject(error);
              else if (typeof unlock !== "function" || id === undefined) resolve(null);
              else
                resolve({
                  release: async () => (await promisify(unlock)()) === 1,
                  extend: async (ms) => (await warlock.touch(key, id, ms)) === "OK",
                });
            });
          }),
        close: () => Promise.resolve(client.end(false)),
      };
    },
  }),
};
