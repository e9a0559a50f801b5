/**
 * How much work may go into something that the verdict does not need, such as a small witness. It is counted in steps
 * of the search (`SearchResult.steps`) instead of timed, so that the same history has the same witness each time.
 */
export class Effort {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** Steps; 0 when all were taken. */
  get left(): number {
    return Math.max(0, this.#left);
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  spend(steps: number): void {
    this.#left -= steps;
  }
}
