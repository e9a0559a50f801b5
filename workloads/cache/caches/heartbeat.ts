/**
 * Whether somebody at the other end of connections is still there: each answer to a PING proves that everything sent
 * before it over the same connection has arrived, so what was heard is complete up to the moment of the question.
 * (https://redis.io/docs/latest/develop/reference/client-side-caching/, "What to do when losing connection with the
 * server")
 */
import type { Redis } from "ioredis";

const BEAT_MS = 100;

/** How old the last answered question may be, and so how far a cache that relies on it may be behind. */
export const LEASE_MS = 500;

export class Heartbeat {
  readonly #connections: readonly Redis[];
  readonly #timer: NodeJS.Timeout;
  /** When the last question was asked to which all have answered. */
  #heardAt = -Infinity;
  #waiting = false;
  #generation = 0;

  constructor(connections: readonly Redis[]) {
    this.#connections = connections;
    this.#timer = setInterval(() => void this.beat(), BEAT_MS);
  }

  get isAlive(): boolean {
    return performance.now() - this.#heardAt < LEASE_MS;
  }

  /** Answers that are on their way count no more. */
  forget(): void {
    this.#heardAt = -Infinity;
    this.#generation += 1;
    this.#waiting = false;
  }

  async beat(): Promise<void> {
    if (this.#waiting) return;
    this.#waiting = true;
    const generation = this.#generation;
    const asked = performance.now();
    try {
      await Promise.all(this.#connections.map((connection) => connection.ping()));
      if (generation === this.#generation) this.#heardAt = asked;
    } catch {
      // Who does not answer has not answered.
    }
    if (generation === this.#generation) this.#waiting = false;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
