/** The longest delay that `setTimeout` takes; it turns a longer one into 1 ms. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/**
 * Calls back once a deadline on the clock of `performance.now()` has passed: never before it, however long away it is.
 */
export class DeadlineTimer {
  readonly #expired: () => void;
  #deadline = Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(expired: () => void) {
    this.#expired = expired;
  }

  /** Replaces the deadline. @param deadline in milliseconds of `performance.now()`. */
  set(deadline: number): void {
    if (this.#timer !== undefined && deadline === this.#deadline) return;
    this.clear();
    this.#deadline = deadline;
    this.#arm();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    // A deadline that has passed meanwhile would be a negative delay, and Node.js warns of those.
    const delay = Math.min(Math.max(1, Math.ceil(this.#deadline - performance.now())), LONGEST_DELAY_MS);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // The timer counts in whole milliseconds of another clock and may be early by a fraction of one.
      if (performance.now() < this.#deadline) this.#arm();
      else this.#expired();
    }, delay);
  }
}
