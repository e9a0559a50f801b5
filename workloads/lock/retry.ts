/** Trying again until a lock is free, with a pause that the worker's own randomness draws. */
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../history/random.ts";

/** Calls `attempt` until it returns something else than null, or until `signal` is aborted; the attempt in progress is finished. */
export async function untilObtained<T>(
  attempt: () => Promise<T | null>,
  wait: { readonly signal: AbortSignal; readonly retryMs: number },
  random: Random,
): Promise<T | null> {
  for (;;) {
    const obtained = await attempt();
    if (obtained !== null || wait.signal.aborted) return obtained;
    // Different clients must not come back in step, or they go on to get in each other's way.
    await delay(random.integer(Math.ceil(wait.retryMs / 2), wait.retryMs));
    if (wait.signal.aborted) return null;
  }
}
