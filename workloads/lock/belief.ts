/** What a library says of a lock that its client has got: whether it still holds, and for how long. */
import type { Voice } from "../../history/vocabulary/lock.ts";
import type { Held } from "./adapter.ts";

export interface Belief {
  /** True where the library says nothing. */
  readonly held: boolean;
  /**
   * Whole milliseconds, rounded so that the belief is never longer than the library's; absent where it names no end. At
   * most 0 when it is over.
   */
  readonly remainingMs?: number;
}

/** Which of the three the library offers for this lock; none: it says nothing until the release. */
export function voicesOf(held: Held): Voice[] {
  const voices: Voice[] = [];
  if (held.isHeld !== undefined) voices.push("isHeld");
  if (held.validUntil !== undefined) voices.push("validUntil");
  if (held.signal !== undefined) voices.push("signal");
  return voices;
}

/** Asks the library now. @throws what `isHeld` throws. */
export async function beliefOf(held: Held): Promise<Belief> {
  const isHeld = (await held.isHeld?.()) !== false;
  // After the wait: it must not make the belief any longer.
  const left = leftOf(held);
  return {
    held: isHeld && held.signal?.aborted !== true && (left === undefined || left > 0),
    ...(left === undefined ? {} : { remainingMs: wholeMs(left) }),
  };
}

/** What the library says is left, in whole milliseconds as in `Belief`; undefined where it names no end. */
export function remainingMsOf(held: Held): number | undefined {
  const left = leftOf(held);
  return left === undefined ? undefined : wholeMs(left);
}

function leftOf(held: Held): number | undefined {
  return held.validUntil === undefined ? undefined : held.validUntil() - Date.now();
}

/** `Date.now()` has cut off up to a millisecond, which the lock has less. */
function wholeMs(left: number): number {
  const whole = Math.floor(left);
  return whole > 0 ? whole - 1 : whole;
}
