/**
 * Waiting for as long as a user or a plan says, be it a thousand hours. Node's own timers take no delay beyond 2³¹ - 1
 * ms (24.8 days): they turn a longer one into 1 ms, so that what was to last for ever is over at once.
 */

/**
 * The longest delay that `setTimeout` takes, for what is handed to timers that are not ours, as a client library's are.
 */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** As `setTimeout`, but for any number of milliseconds. */
export class LongTimeout {
  readonly #expired: () => void;
  #timer: NodeJS.Timeout;
  #isRefed = true;

  constructor(expired: () => void, ms: number) {
    this.#expired = expired;
    this.#timer = this.#wait(ms);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }

  /** From now on it keeps no process alive. */
  unref(): this {
    this.#isRefed = false;
    this.#timer.unref();
    return this;
  }

  #wait(ms: number): NodeJS.Timeout {
    const rest = ms - LONGEST_TIMER_MS;
    const timer =
      rest > 0 ? setTimeout(() => (this.#timer = this.#wait(rest)), LONGEST_TIMER_MS) : setTimeout(this.#expired, ms);
    return this.#isRefed ? timer : timer.unref();
  }
}

/** Resolves when so many milliseconds have passed, or as soon as `until` is aborted. Nothing stays behind then. */
export async function pause(ms: number, until?: AbortSignal): Promise<void> {
  if (until?.aborted === true) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  const timer = new LongTimeout(end, ms);
  until?.addEventListener("abort", end, { once: true });
  try {
    await promise;
  } finally {
    timer.clear();
    until?.removeEventListener("abort", end);
  }
}
