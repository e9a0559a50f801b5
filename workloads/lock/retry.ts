/** Trying again until a lock is free, with a pause that the worker's own randomness draws. */
import { LongTimeout, pause } from "../../machine/long-timeout.ts";
import type { Random } from "../../history/random.ts";
import type { Held, LockClient } from "./adapter.ts";

export interface Patience {
  /** How long the lock may be asked for in all. */
  readonly waitMs: number;
  /** The longest pause between two attempts; the shortest is half of it. */
  readonly retryMs: number;
  /** Aborted when the lock is not wanted any more. */
  readonly stop: AbortSignal;
}

export interface Obtained {
  readonly held: Held;
  /** When the attempt began that succeeded, on the clock of `performance.now()`. */
  readonly asked: number;
}

/** Asks for the lock until it is obtained, or the time is over; the attempt in progress is finished. */
export async function untilObtained(
  lock: LockClient,
  key: string,
  ttlMs: number,
  { waitMs, retryMs, stop }: Patience,
  random: Random,
): Promise<Obtained | null> {
  const until = performance.now() + waitMs;
  const over = new AbortController();
  const limit = new LongTimeout(() => over.abort(), waitMs);
  const signal = AbortSignal.any([stop, over.signal]);
  try {
    for (;;) {
      const asked = performance.now();
      const held = await lock.acquire(key, ttlMs, { waitMs: Math.max(0, until - asked), signal });
      if (held !== null) return { held, asked };
      if (signal.aborted) return null;
      // Different clients must not come back in step, or they go on to get in each other's way.
      await pause(random.integer(Math.ceil(retryMs / 2), retryMs));
      if (signal.aborted) return null;
    }
  } finally {
    limit.clear();
  }
}
