/** How long a lock is still valid, by a clock that nobody moves: counted from before the command was sent that granted or prolonged it. */
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

  /** Counts anew when `prolong` resolves to true, from before it was called. */
  async renew(ms: number, prolong: () => Promise<boolean>): Promise<boolean> {
    const from = performance.now();
    const prolonged = await prolong();
    if (prolonged) [this.#from, this.#ms] = [from, ms];
    return prolonged;
  }
}
