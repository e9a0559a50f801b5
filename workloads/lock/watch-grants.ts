/**
 * Why a client has never got a lock: what an adapter that talks to the wrong server, or in the wrong way, would
 * otherwise leave to be guessed.
 */
import type { LockClient } from "./adapter.ts";
import type { GuardOptions } from "../adapter/guarded-calls.ts";

export interface WatchedLock {
  readonly lock: LockClient;
  /** Notes the last error, where there was one and no lock. */
  tell(): void;
}

export function watchGrants(lock: LockClient, { named, note }: Pick<GuardOptions, "named" | "note">): WatchedLock {
  let granted = false;
  let rejected = 0;
  let last: unknown;
  return {
    lock: {
      ...lock,
      acquire: async (key, ttlMs, wait) => {
        try {
          const held = await lock.acquire(key, ttlMs, wait);
          granted ||= held !== null;
          return held;
        } catch (error) {
          rejected += 1;
          last = error;
          throw error;
        }
      },
    },
    tell: () => {
      if (granted || rejected === 0) return;
      note(`acquire() of ${named} has never given a lock; rejections: ${rejected}, the last with: ${String(last)}`);
    },
  };
}
