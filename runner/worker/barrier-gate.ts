/** The worker's side of the barriers: counts arrivals, and waits where the coordinator wants it. */

interface Armed {
  readonly id: number;
  readonly point: string;
  arrivalsLeft: number;
}

export class BarrierGate {
  readonly #announce: (id: number) => void;
  readonly #armed = new Set<Armed>();
  readonly #waiting = new Map<number, () => void>();

  /** @param announce tells the coordinator that the worker waits. */
  constructor(announce: (id: number) => void) {
    this.#announce = announce;
  }

  arm(id: number, point: string, occurrence: number): void {
    this.#armed.add({ id, point, arrivalsLeft: occurrence });
  }

  proceed(id: number): void {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }

  /** Called by the workload at each of its points. */
  async arrive(point: string): Promise<void> {
    for (const armed of this.#armed) {
      if (armed.point !== point) continue;
      armed.arrivalsLeft -= 1;
      if (armed.arrivalsLeft > 0) continue;
      this.#armed.delete(armed);
      const released = new Promise<void>((resolve) => this.#waiting.set(armed.id, resolve));
      this.#announce(armed.id);
      await released;
    }
  }
}
