/** Places in the workers' code where a worker can be made to wait, so that a fault strikes exactly there. */

export interface Arrival {
  /** Lets the worker go on. */
  proceed(): void;
}

/**
 * The worker will never get there, and says why in words that go on from its name: `has a lock that cannot be
 * extended`.
 */
export interface Unreachable {
  readonly unreachable: string;
}

export interface Barriers {
  /**
   * The worker will stop at the `occurrence`-th arrival at `point`, counted from now; resolves when it waits there, or
   * has found out that it never will. Never resolves when it does not get there before its load ends.
   */
  arm(worker: string, point: string, occurrence: number): Promise<Arrival | Unreachable>;
}
