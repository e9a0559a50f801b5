/** When a time to live begins, as the client counts: before it asks, as it should, or when it has its answer. */
export type CountsFrom = "asked" | "answered";

/**
 * How long a lock is still valid, by a clock that nobody moves: counted from before the command was sent that granted
 * or prolonged it.
 */
export class Validity {
  #from = performance.now();
  #ms: number;

  constructor(ms: number) {
    this.#ms = ms;
  }

  remainingMs(): number {
    return this.#ms - (performance.now() - this.#from);
  }

  /** As an adapter tells it, on the wall clock, whatever that shows. */
  until(): number {
    return Date.now() + this.remainingMs();
  }

  /** Counts anew when `prolong` resolves to true. */
  async renew(ms: number, prolong: () => Promise<boolean>, countsFrom: CountsFrom = "asked"): Promise<boolean> {
    const asked = performance.now();
    const prolonged = await prolong();
    if (prolonged) [this.#from, this.#ms] = [countsFrom === "asked" ? asked : performance.now(), ms];
    return prolonged;
  }
}
