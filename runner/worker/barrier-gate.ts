/** The worker's side of the barriers: counts arrivals, and waits where the coordinator wants it. */

interface Armed {
  readonly id: number;
  readonly point: string;
  arrivalsLeft: number;
}

/** Tells the coordinator what became of a barrier. */
interface Announcements {
  arrived(id: number): void;
  unreachable(id: number, why: string): void;
}

export class BarrierGate {
  readonly #announce: Announcements;
  /** Why, by point. */
  readonly #unreachable = new Map<string, string>();
  readonly #armed = new Set<Armed>();
  readonly #waiting = new Map<number, () => void>();

  constructor(announce: Announcements) {
    this.#announce = announce;
  }

  arm(id: number, point: string, occurrence: number): void {
    const why = this.#unreachable.get(point);
    if (why === undefined) this.#armed.add({ id, point, arrivalsLeft: occurrence });
    else this.#announce.unreachable(id, why);
  }

  /** Called by the workload when it has found out that it never gets to a point. */
  exclude(point: string, why: string): void {
    if (this.#unreachable.has(point)) return;
    this.#unreachable.set(point, why);
    for (const armed of this.#armed) {
      if (armed.point !== point) continue;
      this.#armed.delete(armed);
      this.#announce.unreachable(armed.id, why);
    }
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
      this.#announce.arrived(armed.id);
      await released;
    }
  }
}
