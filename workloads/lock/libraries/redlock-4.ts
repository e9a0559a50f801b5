/**
 * `redlock` 4 (https://github.com/mike-marcacci/node-redlock/tree/v4.2.0), Redlock on ioredis.
 *
 * Options: its defaults. An `acquire` is up to eleven attempts, 100 to 300 ms apart, and so is an extension. The
 * validity is the lock's `expiration`. It rejects alike when others have the lock and when servers fail; what servers
 * answer with errors it tells by `clientError`.
 *
 * `redlock/once` asks for no second attempt in each call (`retryCount: 0`).
 */
import type { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { LockLibrary } from "./library.ts";

type RedlockModule = new (clients: readonly Redis[]) => EventEmitter & {
  lock(resource: string, ttlMs: number): Promise<Lock>;
  lockWithOptions(resource: string, ttlMs: number, options: { readonly retryCount: number }): Promise<Lock>;
};

type Redlock = InstanceType<RedlockModule>;

interface Lock {
  /** Milliseconds since 1970; 0 from when it is being released. */
  readonly expiration: number;
  unlock(): Promise<void>;
  /** Changes the lock itself. */
  extend(ttlMs: number): Promise<Lock>;
}

export const redlock4 = kind("redlock", undefined, (redlock, key, ttlMs) => redlock.lock(key, ttlMs));

export const redlock4Once = kind("redlock/once", "no second attempt (`retryCount: 0`)", (redlock, key, ttlMs) =>
  redlock.lockWithOptions(key, ttlMs, { retryCount: 0 }),
);

function kind(
  name: string,
  variant: string | undefined,
  ask: (redlock: Redlock, key: string, ttlMs: number) => Promise<Lock>,
): LockLibrary {
  return {
    name,
    package: "redlock",
    tried: ["4.2.0"],
    ...(variant === undefined ? {} : { variant }),
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
              const lock = await ask(redlock, key, ttlMs);
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
}
