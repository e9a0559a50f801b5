/**
 * `redlock` 5 (https://github.com/mike-marcacci/node-redlock/tree/v5.0.0-beta.2), and `@sesamecare-oss/redlock` (https://github.com/sesamecare/redlock),
 * which goes on from it: Redlock on ioredis.
 *
 * Options: their defaults. An `acquire` is up to eleven attempts, 100 to 300 ms apart, and so are an extension and a release. The validity is the lock's
 * `expiration`. They reject alike when others have the lock and when servers fail; every vote against is told by `error`.
 */
import type { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { ClientLibrary } from "../../clients/client-library.ts";
import type { LockAdapter } from "../adapter.ts";
import type { LockLibrary } from "./library.ts";

type RedlockClass = new (clients: Iterable<Redis>) => EventEmitter & {
  acquire(resources: readonly string[], ttlMs: number): Promise<Lock>;
};

interface Lock {
  /** Milliseconds since 1970; 0 from when it is being released, or after an extension, which makes another lock. */
  readonly expiration: number;
  release(): Promise<unknown>;
  extend(ttlMs: number): Promise<Lock>;
}

export const redlock5: LockLibrary = {
  name: "redlock",
  package: "redlock",
  tried: ["5.0.0-beta.2"],
  adapter: (installed) => redlockOf(installed, (module) => (module as { default: RedlockClass }).default),
};

export const sesamecareRedlock: LockLibrary = {
  name: "@sesamecare-oss/redlock",
  package: "@sesamecare-oss/redlock",
  tried: ["1.4.0"],
  adapter: (installed) => redlockOf(installed, (module) => (module as { Redlock: RedlockClass }).Redlock),
};

function redlockOf(installed: ClientLibrary, classIn: (module: unknown) => RedlockClass): Omit<LockAdapter, "name"> {
  return {
    servers: "majority",
    open({ endpoints, redis }) {
      const Redlock = classIn(loadClientLibrary(installed));
      const redlock = new Redlock(endpoints.map((_, i) => redis(i)));
      let failures = 0;
      redlock.on("error", (error: Error) => {
        if (error.name !== "ResourceLockedError") failures += 1;
      });
      return {
        async acquire(key, ttlMs) {
          const before = failures;
          try {
            let lock = await redlock.acquire([key], ttlMs);
            return {
              release: () => lock.release(),
              extend: async (ms) => {
                lock = await lock.extend(ms);
              },
              validUntil: () => lock.expiration,
            };
          } catch (error) {
            if ((error as Error).name === "ExecutionError" && failures === before) return null;
            throw error;
          }
        },
      };
    },
  };
}
