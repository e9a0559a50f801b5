/**
 * `@microfleet/ioredis-lock` (https://github.com/microfleet/ioredis-lock).
 *
 * Options: its defaults. An `acquire` is up to seven attempts, 50 to 60 ms apart. It says nothing of a lock between
 * grant and release; both a release and an extension reject when the lock had expired. It rejects with the same error
 * when others have the lock and when the server fails, in other words.
 */
import type { Redis } from "ioredis";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { LockLibrary } from "./library.ts";

interface IoredisLockModule {
  createLock(client: Redis, options: { readonly timeout: number }): Lock;
}

interface Lock {
  acquire(key: string): Promise<unknown>;
  release(): Promise<unknown>;
  extend(ttlMs: number): Promise<unknown>;
}

export const ioredisLock: LockLibrary = {
  name: "@microfleet/ioredis-lock",
  package: "@microfleet/ioredis-lock",
  tried: ["6.0.1"],
  adapter: (installed) => ({
    open({ redis }) {
      const { createLock } = loadClientLibrary(installed) as IoredisLockModule;
      const client = redis();
      return {
        async acquire(key, ttlMs) {
          const lock = createLock(client, { timeout: ttlMs });
          try {
            await lock.acquire(key);
          } catch (error) {
            if ((error as Error).message.startsWith("Could not acquire lock on")) return null;
            throw error;
          }
          return { release: () => lock.release(), extend: (ms) => lock.extend(ms) };
        },
      };
    },
  }),
};
