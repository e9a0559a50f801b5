/**
 * `redis-semaphore` (https://github.com/swarthy/redis-semaphore) on ioredis: its `Mutex`, `RedlockMutex` and
 * `Semaphore`.
 *
 * Options: its defaults, one attempt per `acquire` (`acquireAttemptsLimit: 1`; redquake asks again), a semaphore's
 * limit of 2, and an `onLockLost`, as its own throws. While it is held the library prolongs the lock by itself, every
 * 0.8 of its time to live; it cannot be asked to. Its word is `isAcquired`, and `onLockLost`. A release says nothing of
 * what it did. Up to 5.3 it takes clients of its own `ioredis` only, so it gets one. `RedlockMutex` takes a server that
 * fails for one where others have the lock: its own `ioredis` counts these.
 */
import type { Redis } from "ioredis";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { ClientLibrary } from "../../clients/client-library.ts";
import type { Held, LockAdapter } from "../adapter.ts";
import type { LockLibrary } from "./library.ts";
import type { FailedCommands } from "./counting-ioredis.ts";
import { countingIoredis } from "./counting-ioredis.ts";
import type { IoredisModule } from "./own-ioredis.ts";
import { connectOwnIoredis } from "./own-ioredis.ts";

interface SemaphoreModule {
  readonly Mutex: new (client: Redis, key: string, options: LockOptions) => Lock;
  readonly RedlockMutex: new (clients: readonly Redis[], key: string, options: LockOptions) => Lock;
  readonly Semaphore: new (client: Redis, key: string, limit: number, options: LockOptions) => Lock;
}

interface LockOptions {
  readonly lockTimeout: number;
  readonly acquireAttemptsLimit: number;
  readonly onLockLost: (error: Error) => void;
}

interface Lock {
  readonly isAcquired: boolean;
  tryAcquire(): Promise<boolean>;
  release(): Promise<void>;
}

const LIMIT = 2;

export const redisMutex = kind(
  "Mutex",
  {},
  ({ Mutex }, [client]) =>
    (key, options) =>
      new Mutex(client, key, options),
);

export const redisRedlockMutex = kind("RedlockMutex", { servers: "majority" }, ({ RedlockMutex }, clients) => {
  return (key, options) => new RedlockMutex(clients, key, options);
});

export const redisSemaphore = kind("Semaphore", { limit: LIMIT }, ({ Semaphore }, [client]) => {
  return (key, options) => new Semaphore(client, key, LIMIT, options);
});

type Make = (key: string, options: LockOptions) => Lock;

function kind(
  name: keyof SemaphoreModule,
  facts: Pick<LockAdapter, "servers" | "limit">,
  maker: (library: SemaphoreModule, clients: readonly [Redis, ...Redis[]]) => Make,
): LockLibrary {
  return {
    name: `redis-semaphore/${name}`,
    package: "redis-semaphore",
    tried: ["5.3.0", "5.8.0"],
    beside: ["ioredis@5.11.1"],
    adapter: (installed: ClientLibrary) => ({
      ...facts,
      async open(environment) {
        const ioredis = loadClientLibrary(installed, "ioredis") as IoredisModule;
        const failed: FailedCommands = { count: 0 };
        const clients = await connectOwnIoredis(countingIoredis(ioredis, "set", failed), environment);
        const make = maker(loadClientLibrary(installed) as SemaphoreModule, clients);
        return {
          acquire: (key, ttlMs) => acquire(make, key, ttlMs, failed),
          close: async () => {
            for (const client of clients) client.disconnect();
          },
        };
      },
    }),
  };
}

async function acquire(make: Make, key: string, ttlMs: number, failed: FailedCommands): Promise<Held | null> {
  const lost = new AbortController();
  const lock = make(key, {
    lockTimeout: ttlMs,
    acquireAttemptsLimit: 1,
    onLockLost: (error) => lost.abort(error),
  });
  const before = failed.count;
  if (!(await lock.tryAcquire())) {
    const failures = failed.count - before;
    if (failures === 0) return null;
    throw new Error(
      `tryAcquire() says that it did not get the lock, and nobody knows why: ${failures} SET commands of this client failed meanwhile`,
    );
  }
  return { release: () => lock.release(), isHeld: () => lock.isAcquired, signal: lost.signal };
}
