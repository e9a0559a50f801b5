import { QueuedStage } from "../queued-stage.ts";
import { uniformInteger } from "../random-source.ts";
import type { RandomSource } from "../random-source.ts";
import type { ToxicType } from "./toxic-type.ts";

interface Attributes {
  /** Bytes; below 1 nothing is cut. */
  readonly average_size: number;
  /** Bytes. */
  readonly size_variation: number;
  /** Microseconds after each piece. */
  readonly delay: number;
}

/** Cuts chunks into small pieces with a pause after each; no byte changes. */
export const slicer: ToxicType<keyof Attributes> = {
  type: "slicer",
  attributes: ["average_size", "size_variation", "delay"],
  createStage: (attributes, random) => new SlicerStage(attributes, random),
};

class SlicerStage extends QueuedStage {
  readonly #attributes: Attributes;
  readonly #random: RandomSource;
  /** Lengths of the pieces of the oldest chunk that are still to be sent, the last one first. */
  #pieces: number[] = [];
  /** The end of the current pause; undefined when the stage has come to rest. */
  #pausedUntil: number | undefined;

  constructor(attributes: Attributes, random: RandomSource) {
    super();
    this.#attributes = attributes;
    this.#random = random;
  }

  protected override get saturated(): boolean {
    return this.queue.length > 0 || this.next.full;
  }

  /** The rest of the chunk that is being sliced leaves as one piece. */
  protected override updated(): void {
    this.release();
  }

  protected override release(): void {
    this.#pieces = [];
    this.#pausedUntil = undefined;
    super.release();
  }

  protected override sendDue(): void {
    const now = performance.now();
    while (this.#pausedUntil === undefined || this.#pausedUntil <= now) {
      if (this.queue.length === 0) {
        this.#pausedUntil = undefined;
        if (this.inputEnded) this.close();
        return;
      }
      if (this.next.full) return;
      if (this.#pieces.length === 0) this.#pieces = this.#slice(this.queue.first?.length ?? 0);
      const arrivedAt = this.queue.firstArrivedAt;
      const piece = this.queue.take(this.#pieces.pop());
      // Counted from the last planned moment, so that pauses shorter than the timer's step add up to the right time.
      this.#pausedUntil = (this.#pausedUntil ?? now) + Math.max(0, this.#attributes.delay) / 1000;
      if (piece !== undefined) this.next.write(piece, arrivedAt);
    }
    this.timer.set(this.#pausedUntil);
  }

  /** Halves a length, not always in the middle, until every piece is short enough; the pieces come last one first. */
  #slice(length: number): number[] {
    const average = this.#attributes.average_size;
    const variation = Math.max(0, this.#attributes.size_variation);
    if (average < 1) return [length];
    const pieces: number[] = [];
    const halve = (part: number): void => {
      if (part - average <= variation) {
        pieces.push(part);
        return;
      }
      const shift = uniformInteger(this.#random, -variation, variation);
      // A variation larger than the average could put the cut outside.
      const left = Math.min(Math.max(Math.floor(part / 2) + shift, 1), part - 1);
      halve(left);
      halve(part - left);
    };
    halve(length);
    return pieces.reverse();
  }
}
