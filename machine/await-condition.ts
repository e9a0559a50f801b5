/** Waiting for something to become true outside this process, where nothing tells when it does. */
import { setTimeout as delay } from "node:timers/promises";
import { HostError } from "./host-error.ts";

/**
 * Asks `probe` again and again until it returns something else than undefined.
 * @param what completes the sentence "gave up waiting for …" in the error.
 * @throws HostError after `timeoutMs`, with what the last probe threw.
 */
export async function awaitCondition<T>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<T | undefined> | T | undefined,
  everyMs = 15,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
      last = undefined;
    } catch (error) {
      if (error instanceof HostError) throw error;
      last = error;
    }
    if (performance.now() > deadline) {
      const because = last instanceof Error ? `: ${last.message}` : "";
      throw new HostError(`gave up waiting for ${what} after ${Math.round(timeoutMs)} ms${because}`);
    }
    await delay(everyMs);
  }
}
