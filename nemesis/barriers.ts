/** Places in the workers' code where a worker can be made to wait, so that a fault strikes exactly there. */

export interface Arrival {
  /** Lets the worker go on. */
  proceed(): void;
}

export interface Barriers {
  /**
   * The worker will stop at the `occurrence`-th arrival at `point`, counted from now; resolves when it waits there.
   * Never resolves when it does not get there before `signal` is aborted.
   */
  arm(worker: string, point: string, occurrence: number): Promise<Arrival>;
}
