/**
 * A lock with a watchdog, which prolongs it for as long as it is held. It says that the lock is lost when a refresh was refused, and, whatever becomes of the
 * refreshes, when the time to live is over since the last one that succeeded was asked for: a server that does not answer tells nothing.
 */
import type { Held, LockAdapter } from "../adapter.ts";
import { simple } from "./simple.ts";

/** So often in its time to live a lock is refreshed. */
const REFRESHES = 3;

export const watched = watchedLock("watched", simple);

export function watchedLock(name: string, lock: LockAdapter, { heedsFailures = true } = {}): LockAdapter {
  return {
    ...lock,
    name,
    async open(environment) {
      const client = await lock.open(environment);
      const watchdogs = new Set<Watchdog>();
      return {
        async acquire(key, ttlMs, wait) {
          const held = await client.acquire(key, ttlMs, wait);
          if (held === null) return null;
          const watchdog = new Watchdog(held, ttlMs, environment.log);
          watchdogs.add(watchdog);
          return {
            release: () => {
              watchdog.stop();
              watchdogs.delete(watchdog);
              return held.release();
            },
            isHeld: () => !heedsFailures || watchdog.holds,
          };
        },
        close: async () => {
          for (const watchdog of watchdogs) watchdog.stop();
          await client.close?.();
        },
      };
    },
  };
}

class Watchdog {
  readonly #held: Held;
  readonly #ttlMs: number;
  readonly #log: (text: string) => void;
  readonly #timer: NodeJS.Timeout;
  #refreshing = false;
  #refused = false;

  constructor(held: Held, ttlMs: number, log: (text: string) => void) {
    this.#held = held;
    this.#ttlMs = ttlMs;
    this.#log = log;
    this.#timer = setInterval(() => void this.#refresh(), ttlMs / REFRESHES);
  }

  get holds(): boolean {
    return !this.#refused && (this.#held.validUntil?.() ?? 0) > Date.now();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #refresh(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    try {
      this.#refused = (await this.#held.extend?.(this.#ttlMs)) === false;
      if (this.#refused) this.stop();
    } catch (error) {
      // Nobody knows whether the lock was prolonged; the time to live decides.
      this.#log(`refresh: ${(error as Error).message}`);
    } finally {
      this.#refreshing = false;
    }
  }
}
