/** Waiting for what may never happen: that it did not is an answer, and not an error. */
import { awaitCondition } from "../../machine/await-condition.ts";

/** How long `look` may take for one answer beyond the time itself. */
const MARGIN_MS = 10_000;

/**
 * Whether `look` says yes within `withinMs`. It is asked at least once.
 * @throws HostError naming `what` when it had no answer at all.
 */
export function occurred(
  what: string,
  withinMs: number,
  look: () => Promise<boolean> | boolean,
  everyMs?: number,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  return awaitCondition(
    what,
    withinMs + MARGIN_MS,
    async () => ((await look()) ? true : performance.now() >= deadline ? false : undefined),
    everyMs,
  );
}
