/** When to give up: the time, the memory and the wish of the caller. */
import type { Budget } from "../analysis.ts";

const DEFAULT_BYTES = 2 ** 30;

export class Limits {
  readonly #deadline: number;
  readonly #timeMs: number;
  readonly #bytes: number;
  readonly #cancelled: () => boolean;

  /** The time runs from here. @throws TypeError when a bound is no positive number. */
  constructor({ timeMs = Infinity, bytes = DEFAULT_BYTES, cancelled = () => false }: Budget = {}) {
    if (!(timeMs > 0)) throw new TypeError(`timeMs is a number of milliseconds above 0, not ${JSON.stringify(timeMs)}`);
    if (!(bytes > 0)) throw new TypeError(`bytes is a number above 0, not ${JSON.stringify(bytes)}`);
    this.#timeMs = timeMs;
    this.#deadline = performance.now() + timeMs;
    this.#bytes = bytes;
    this.#cancelled = cancelled;
  }

  /** Why it is time to stop, or undefined. @param bytes what is held. */
  exceeded(bytes: number): string | undefined {
    if (this.#cancelled()) return "it was interrupted";
    if (performance.now() > this.#deadline) return `${this.#timeMs} ms were not enough to decide`;
    if (bytes > this.#bytes) return `${this.#bytes} bytes of memory were not enough to decide`;
    return undefined;
  }
}
