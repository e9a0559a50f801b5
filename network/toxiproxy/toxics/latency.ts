import { QueuedStage } from "../queued-stage.ts";
import { uniformInteger } from "../random-source.ts";
import type { RandomSource } from "../random-source.ts";
import type { ToxicType } from "./toxic-type.ts";

/** How much may wait before the sender has to. The original bounds the count only. */
const MOST_CHUNKS = 1024;
const MOST_BYTES = 32 * 1024 * 1024;

/** Milliseconds. */
interface Attributes {
  readonly latency: number;
  readonly jitter: number;
}

/**
 * Everything leaves `latency` ± `jitter` milliseconds after it arrived, in order; the end of the stream too, as on a
 * real network it takes the same way as the data. Many chunks are on their way at a time, so throughput does not
 * suffer.
 */
export const latency: ToxicType<keyof Attributes> = {
  type: "latency",
  attributes: ["latency", "jitter"],
  createStage: (attributes, random) => new LatencyStage(attributes, random),
};

class LatencyStage extends QueuedStage {
  readonly #attributes: Attributes;
  readonly #random: RandomSource;
  #endArrivedAt = 0;
  /** How late the oldest one in the queue is to be; drawn when it becomes the oldest. */
  #delay: number | undefined;

  constructor(attributes: Attributes, random: RandomSource) {
    super();
    this.#attributes = attributes;
    this.#random = random;
  }

  protected override receiveEnd(): void {
    this.#endArrivedAt = performance.now();
    super.receiveEnd();
  }

  protected override get saturated(): boolean {
    return this.queue.length >= MOST_CHUNKS || this.queue.bytes >= MOST_BYTES;
  }

  protected override updated(): void {
    this.#delay = undefined;
    this.sendDue();
  }

  protected override release(): void {
    this.#delay = undefined;
    super.release();
  }

  protected override sendDue(): void {
    const now = performance.now();
    while (this.queue.length > 0) {
      if (this.next.full) return;
      const due = this.#due(this.queue.firstArrivedAt);
      if (due > now) return this.timer.set(due);
      const chunk = this.queue.take();
      this.#delay = undefined;
      // A next latency counts from the moment that this one was over, not from when its timer got to it.
      if (chunk !== undefined) this.next.write(chunk, due);
    }
    if (!this.inputEnded) return;
    const due = this.#due(this.#endArrivedAt);
    if (due > now) this.timer.set(due);
    else this.close();
  }

  #due(arrivedAt: number): number {
    const { latency, jitter } = this.#attributes;
    this.#delay ??= latency + (jitter > 0 ? uniformInteger(this.#random, -jitter, jitter) : 0);
    return arrivedAt + Math.max(0, this.#delay);
  }
}
