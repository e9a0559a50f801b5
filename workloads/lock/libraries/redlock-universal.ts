/**
 * `redlock-universal` (https://github.com/alexpota/redlock-universal): its `createRedlock` on ioredis.
 *
 * Options: its defaults. An `acquire` is up to four attempts, 200 ms apart; a server has 5 s to answer. The validity is
 * what its handle says, `acquiredAt` and `ttl`; an extension leaves the handle as it is, and its user counts from
 * before he asked for it. It rejects alike when others have the lock and when servers fail: the adapter that it is
 * handed, its own one for ioredis, counts what servers answer with errors.
 *
 * `redlock-universal/using` holds the lock while a routine runs: the library prolongs it by itself, and aborts a signal
 * when it cannot. `redlock-universal/quorum-1` is content with one server (`quorum: 1`), which the library accepts.
 * With `redlock-universal/timeout-500` a server has half a second to answer (`timeout: 500`), which is short against
 * the time to live.
 */
import type { Redis } from "ioredis";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { Held } from "../adapter.ts";
import { Routines } from "./in-routine.ts";
import type { LockLibrary } from "./library.ts";

interface RedlockUniversalModule {
  readonly IoredisAdapter: new (client: Redis, options?: { timeout: number }) => RedisAdapter;
  createRedlock(config: { adapters: readonly RedisAdapter[]; key: string; ttl: number; quorum?: number }): Lock;
}

interface RedisAdapter {
  setNX(key: string, value: string, ttlMs: number): Promise<string | null>;
}

interface Lock {
  acquire(): Promise<Handle>;
  release(handle: Handle): Promise<boolean>;
  extend(handle: Handle, ttlMs: number): Promise<boolean>;
  using(routine: (signal: AbortSignal) => Promise<void>): Promise<void>;
}

interface Handle {
  /** Milliseconds since 1970. */
  readonly acquiredAt: number;
  readonly ttl: number;
}

export const redlockUniversal = kind("redlock-universal", held);

export const redlockUniversalUsing = kind(
  "redlock-universal/using",
  (lock, routines) => routines.held((routine) => lock.using(routine)),
  { variant: "its `using`" },
);

export const redlockUniversalQuorumOne = kind("redlock-universal/quorum-1", held, {
  variant: "one server is enough for it (`quorum: 1`)",
  quorum: 1,
});

export const redlockUniversalTimeout = kind("redlock-universal/timeout-500", held, {
  variant: "a server has half a second to answer (`timeout: 500`)",
  timeoutMs: 500,
});

function kind(
  name: string,
  ask: (lock: Lock, routines: Routines) => Promise<Held>,
  {
    variant,
    quorum,
    timeoutMs,
  }: { readonly variant?: string; readonly quorum?: number; readonly timeoutMs?: number } = {},
): LockLibrary {
  return {
    name,
    package: "redlock-universal",
    tried: ["0.8.5"],
    ...(variant === undefined ? {} : { variant }),
    adapter: (installed) => ({
      servers: "majority",
      open({ endpoints, redis }) {
        const { createRedlock, IoredisAdapter } = loadClientLibrary(installed) as RedlockUniversalModule;
        const routines = new Routines();
        let failures = 0;
        class CountingAdapter extends IoredisAdapter {
          override async setNX(key: string, value: string, ttlMs: number): Promise<string | null> {
            try {
              return await super.setNX(key, value, ttlMs);
            } catch (error) {
              failures += 1;
              throw error;
            }
          }
        }
        const adapters = endpoints.map((_, i) =>
          timeoutMs === undefined
            ? new CountingAdapter(redis(i))
            : new CountingAdapter(redis(i), { timeout: timeoutMs }),
        );
        return {
          async acquire(key, ttl) {
            const lock = createRedlock({ adapters, key, ttl, ...(quorum === undefined ? {} : { quorum }) });
            const before = failures;
            try {
              return await ask(lock, routines);
            } catch (error) {
              if ((error as Error).name === "LockAcquisitionError" && failures === before) return null;
              throw error;
            }
          },
          close: () => routines.close(),
        };
      },
    }),
  };
}

async function held(lock: Lock): Promise<Held> {
  const handle = await lock.acquire();
  let until = handle.acquiredAt + handle.ttl;
  return {
    release: () => lock.release(handle),
    extend: async (ms) => {
      const asked = Date.now();
      const extended = await lock.extend(handle, ms);
      if (extended) until = asked + ms;
      return extended;
    },
    validUntil: () => until,
  };
}
