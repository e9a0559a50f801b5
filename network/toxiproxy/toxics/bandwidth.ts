import { QueuedStage } from "../queued-stage.ts";
import type { ToxicType } from "./toxic-type.ts";

/** Large chunks are sent in pieces that take so long each. */
const PIECE_MS = 100;
/** So much is taken from the sender ahead of its time, so that the stage need not wait for the next read. */
const READ_AHEAD_BYTES = 64 * 1024;

interface Attributes {
  /** Thousands of bytes a second, which is bytes a millisecond. */
  readonly rate: number;
}

/**
 * At most `rate` · 1000 bytes a second, for each connection by itself; at rate 0 nothing passes and nothing is lost.
 */
export const bandwidth: ToxicType<keyof Attributes> = {
  type: "bandwidth",
  attributes: ["rate"],
  createStage: (attributes) => new BandwidthStage(attributes),
};

class BandwidthStage extends QueuedStage {
  readonly #attributes: Attributes;
  /** When the oldest piece may leave; undefined until it is known how large it is. */
  #due: number | undefined;
  /** How late the last piece left because of the timer: time that was paid for and not used. */
  #credit = 0;

  constructor(attributes: Attributes) {
    super();
    this.#attributes = attributes;
  }

  protected override get saturated(): boolean {
    const { rate } = this.#attributes;
    // A stalled stage leaves everything but what it was handed with the sender, as a full pipe would.
    return rate > 0 ? this.queue.bytes >= Math.max(READ_AHEAD_BYTES, rate * PIECE_MS) : this.queue.length > 0;
  }

  /** What is held when the rate changes is sent at once, and the new rate starts without debt. */
  protected override updated(): void {
    this.release();
  }

  protected override release(): void {
    this.#due = undefined;
    this.#credit = 0;
    super.release();
  }

  protected override sendDue(): void {
    const { rate } = this.#attributes;
    const now = performance.now();
    while (this.queue.length > 0) {
      if (rate <= 0 || this.next.full) return;
      const size = Math.min(this.queue.first?.length ?? 0, rate * PIECE_MS);
      this.#due ??= now - this.#credit + size / rate;
      if (this.#due > now) return this.timer.set(this.#due);
      const arrivedAt = this.queue.firstArrivedAt;
      const piece = this.queue.take(size);
      this.#credit = now - this.#due;
      this.#due = undefined;
      if (piece !== undefined) this.next.write(piece, arrivedAt);
    }
    if (this.inputEnded) this.close();
  }
}
