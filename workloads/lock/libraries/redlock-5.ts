/**
 * `redlock` 5 (https://github.com/mike-marcacci/node-redlock/tree/v5.0.0-beta.2), and `@sesamecare-oss/redlock`
 * (https://github.com/sesamecare/redlock), which goes on from it: Redlock on ioredis.
 *
 * Options: their defaults. An `acquire` is up to eleven attempts, 100 to 300 ms apart, and so are an extension and a
 * release. The validity is the lock's `expiration`. They reject alike when others have the lock and when servers fail;
 * every vote against is told by `error`.
 *
 * `redlock/once` asks for no second attempt in each call (`retryCount: 0`). `…/using` holds the lock while a routine
 * runs: the library prolongs it by itself, and aborts a signal when it cannot. It takes no time to live under 600 ms.
 */
import type { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { ClientLibrary } from "../../clients/client-library.ts";
import type { Held } from "../adapter.ts";
import { Routines } from "./in-routine.ts";
import type { LockLibrary } from "./library.ts";

type RedlockClass = new (clients: Iterable<Redis>) => EventEmitter & {
  acquire(resources: readonly string[], ttlMs: number, settings?: { readonly retryCount: number }): Promise<Lock>;
  using(resources: readonly string[], ttlMs: number, routine: (signal: AbortSignal) => Promise<void>): Promise<void>;
};

type Redlock = InstanceType<RedlockClass>;

interface Lock {
  /** Milliseconds since 1970; 0 from when it is being released, or after an extension, which makes another lock. */
  readonly expiration: number;
  release(): Promise<unknown>;
  extend(ttlMs: number): Promise<Lock>;
}

/** Asks for the lock by one call of the library. */
type Ask = (redlock: Redlock, key: string, ttlMs: number, routines: Routines) => Promise<Held>;

/** `using` refuses a time to live that is not 100 ms longer than its `automaticExtensionThreshold`. */
const USING_MIN_TTL_MS = 600;

const plain: Ask = async (redlock, key, ttlMs) => heldBy(await redlock.acquire([key], ttlMs));
const once: Ask = async (redlock, key, ttlMs) => heldBy(await redlock.acquire([key], ttlMs, { retryCount: 0 }));
const using: Ask = (redlock, key, ttlMs, routines) => routines.held((routine) => redlock.using([key], ttlMs, routine));

const IN_ROUTINE = { variant: "its `using`", minTtlMs: USING_MIN_TTL_MS };

const REDLOCK = {
  package: "redlock",
  tried: ["5.0.0-beta.2"],
  classIn: (module: unknown) => (module as { default: RedlockClass }).default,
};

const SESAMECARE = {
  package: "@sesamecare-oss/redlock",
  tried: ["1.4.0"],
  classIn: (module: unknown) => (module as { Redlock: RedlockClass }).Redlock,
};

export const redlock5 = kind("redlock", REDLOCK, plain);
export const redlock5Once = kind("redlock/once", REDLOCK, once, { variant: "no second attempt (`retryCount: 0`)" });
export const redlock5Using = kind("redlock/using", REDLOCK, using, IN_ROUTINE);
export const sesamecareRedlock = kind("@sesamecare-oss/redlock", SESAMECARE, plain);
export const sesamecareRedlockUsing = kind("@sesamecare-oss/redlock/using", SESAMECARE, using, IN_ROUTINE);

function kind(
  name: string,
  { package: packageName, tried, classIn }: typeof REDLOCK,
  ask: Ask,
  { variant, minTtlMs }: { readonly variant?: string; readonly minTtlMs?: number } = {},
): LockLibrary {
  return {
    name,
    package: packageName,
    tried,
    ...(variant === undefined ? {} : { variant }),
    adapter: (installed: ClientLibrary) => ({
      servers: "majority",
      ...(minTtlMs === undefined ? {} : { minTtlMs }),
      open({ endpoints, redis }) {
        const Redlock = classIn(loadClientLibrary(installed));
        const redlock = new Redlock(endpoints.map((_, i) => redis(i)));
        const routines = new Routines();
        let failures = 0;
        redlock.on("error", (error: Error) => {
          if (error.name !== "ResourceLockedError") failures += 1;
        });
        return {
          async acquire(key, ttlMs) {
            const before = failures;
            try {
              return await ask(redlock, key, ttlMs, routines);
            } catch (error) {
              if ((error as Error).name === "ExecutionError" && failures === before) return null;
              throw error;
            }
          },
          close: () => routines.close(),
        };
      },
    }),
  };
}

function heldBy(granted: Lock): Held {
  let lock = granted;
  return {
    release: () => lock.release(),
    extend: async (ms) => {
      lock = await lock.extend(ms);
    },
    validUntil: () => lock.expiration,
  };
}
