/** Bytes with the time of their arrival, first in, first out. */
export class ChunkQueue {
  #chunks: Buffer[] = [];
  #times: number[] = [];
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#chunks.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  push(chunk: Buffer, arrivedAt: number): void {
    this.#chunks.push(chunk);
    this.#times.push(arrivedAt);
    this.#bytes += chunk.length;
  }

  /** The oldest chunk; undefined when there is none. */
  get first(): Buffer | undefined {
    return this.#chunks[this.#head];
  }

  /** When the oldest chunk arrived, in milliseconds of `performance.now()`; 0 when there is none. */
  get firstArrivedAt(): number {
    return this.#times[this.#head] ?? 0;
  }

  /** Cuts `size` bytes off the oldest chunk, or takes all of it when it has no more. */
  take(size = Infinity): Buffer | undefined {
    const chunk = this.#chunks[this.#head];
    if (chunk === undefined) return undefined;
    if (size < chunk.length) {
      this.#chunks[this.#head] = chunk.subarray(size);
      this.#bytes -= size;
      return chunk.subarray(0, size);
    }
    this.#head += 1;
    this.#bytes -= chunk.length;
    // What was taken is given up in large steps: shifting a long array one by one costs its length each time.
    if (this.#head === this.#chunks.length || this.#head >= 256) {
      this.#chunks = this.#chunks.slice(this.#head);
      this.#times = this.#times.slice(this.#head);
      this.#head = 0;
    }
    return chunk;
  }

  clear(): void {
    this.#chunks = [];
    this.#times = [];
    this.#head = 0;
    this.#bytes = 0;
  }
}
