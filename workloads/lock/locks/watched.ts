/**
 * A lock with a watchdog, which prolongs it for as long as it is held. It says that the lock is lost when a refresh was
 * refused, and, whatever becomes of the refreshes, when the time to live is over since the last one that succeeded was
 * asked for: a server that does not answer tells nothing.
 */
import type { Held, LockAdapter } from "../adapter.ts";
import { redlock } from "./redlock.ts";
import { simple } from "./simple.ts";

/** So often in its time to live a lock is refreshed: a third of it after the answer to the last refresh. */
const REFRESHES = 3;

/** What a watchdog may get wrong; what is not given is right. */
export interface WatchdogRules {
  /** Whether it says that the lock is lost when refreshes do not succeed. Default true. */
  readonly heedsFailures?: boolean;
  /** Whether it says that the lock is lost when its time is over without an answer to a refresh. Default true. */
  readonly countsTtl?: boolean;
  /** Whether it refreshes again after a refresh with an unknown outcome. Default true. */
  readonly outlivesErrors?: boolean;
}

export const watched = watchedLock("watched", simple);
export const redlockWatched = watchedLock("redlock-watched", redlock);

export function watchedLock(name: string, lock: LockAdapter, rules: WatchdogRules = {}): LockAdapter {
  const { heedsFailures = true, countsTtl = true, outlivesErrors = true } = rules;
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
          const watchdog = new Watchdog(held, ttlMs, { countsTtl, outlivesErrors, log: environment.log });
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

interface WatchdogOptions {
  readonly countsTtl: boolean;
  readonly outlivesErrors: boolean;
  readonly log: (text: string) => void;
}

class Watchdog {
  readonly #held: Held;
  readonly #ttlMs: number;
  readonly #options: WatchdogOptions;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #refused = false;

  constructor(held: Held, ttlMs: number, options: WatchdogOptions) {
    this.#held = held;
    this.#ttlMs = ttlMs;
    this.#options = options;
    this.#wait();
  }

  get holds(): boolean {
    if (this.#refused) return false;
    return !this.#options.countsTtl || (this.#held.validUntil?.() ?? 0) > Date.now();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#refresh(), this.#ttlMs / REFRESHES);
  }

  async #refresh(): Promise<void> {
    try {
      this.#refused = (await this.#held.extend?.(this.#ttlMs)) === false;
      if (this.#refused) this.stop();
    } catch (error) {
      // Nobody knows whether the lock was prolonged; the time to live decides.
      this.#options.log(`refresh: ${(error as Error).message}`);
      if (!this.#options.outlivesErrors) this.stop();
    }
    this.#wait();
  }
}
