/**
 * `redlock` 4 (https://github.com/mike-marcacci/node-redlock/tree/v4.2.0), Redlock on ioredis.
 *
 * Options: its defaults. An `acquire` is up to eleven attempts, 100 to 300 ms apart, and so is an extension. The validity is the lock's `expiration`.
 * It rejects alike when others have the lock and when servers fail; what servers answer with errors it tells by `clientError`.
 */
import type { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { LockLibrary } from "./library.ts";

type RedlockModule = new (clients: readonly Redis[]) => EventEmitter & {
  lock(resource: string, ttlMs: number): Promise<Lock>;
};

interface Lock {
  /** Milliseconds since 1970; 0 from when it is being released. */
  readonly expiration: number;
  unlock(): Promise<void>;
  /** Changes the lock itself. */
  extend(ttlMs: number): Promise<Lock>;
}

export const redlock4: LockLibrary = {
  name: "redlock",
  package: "redlock",
  tried: ["4.2.0"],
  adapter: (installed) => ({
    servers: "majority",
    open({ endpoints, redis }) {
      const Redlock = loadClientLibrary(installed) as RedlockModule;
      const redlock = new Redlock(endpoints.map((_, i) => redis(i)));
      let failures = 0;
      redlock.on("clientError", () => (failures += 1));
      return {
        async acquire(key, ttlMs) {
          const before = failures;
          try {
            const lock = await redlock.lock(key, ttlMs);
            return {
              release: () => lock.unlock(),
              extend: (ms) => lock.extend(ms),
              validUntil: () => lock.expiration,
            };
          } catch (error) {
            if ((error as Error).name === "LockError" && failures === before) return null;
            throw error;
          }
        },
      };
    },
  }),
};
