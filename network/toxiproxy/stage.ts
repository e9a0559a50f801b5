/** Where bytes go next: another stage, or at the end of the chain the destination's socket. */
export interface Sink {
  /**
   * Takes the bytes in any case.
   * @param arrivedAt when they came into the proxy, in milliseconds of `performance.now()`.
   */
  write(chunk: Buffer, arrivedAt: number): void;
  /** The end of the stream, after all bytes; nothing may be written after it. */
  end(): void;
  /** True while the sender should wait, until it hears `drained`. Waiting is what bounds the memory that is used. */
  readonly full: boolean;
}

/** Where bytes came from. */
export interface Sender {
  /** The next one can take more; may also be said when it changes nothing. */
  drained(): void;
}

/**
 * One toxic at work on one direction of one connection. This class lets everything through; a kind of toxic overrides
 * what it does differently. A stage whose connection was spared by the toxicity stays in the chain and lets everything
 * through.
 */
export class Stage implements Sink, Sender {
  /** Set when the stage takes its place in a chain. */
  next: Sink = NOWHERE;
  previous: Sender = NOBODY;
  #active = false;
  #inputEnded = false;
  #outputEnded = false;

  write(chunk: Buffer, arrivedAt: number): void {
    if (this.#inputEnded || this.#outputEnded) return;
    if (this.#active) this.receive(chunk, arrivedAt);
    else this.next.write(chunk, arrivedAt);
  }

  end(): void {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    if (this.#active) this.receiveEnd();
    else this.close();
  }

  get full(): boolean {
    return !this.#outputEnded && (this.#active ? this.saturated : this.next.full);
  }

  drained(): void {
    this.previous.drained();
  }

  /**
   * Starts the stage, or tells it that the toxic's attributes changed, or that it is now (not) to spare this
   * connection.
   */
  configure(active: boolean): void {
    const wasActive = this.#active;
    this.#active = active;
    if (active && wasActive) this.updated();
    else if (active) this.activated();
    else if (wasActive) this.release();
    this.previous.drained();
  }

  /** The toxic is taken away: gives everything that is held to the next one, in order and at once. */
  remove(): void {
    this.release();
  }

  /** The connection is gone: no timer may run any longer. */
  stop(): void {}

  protected receive(chunk: Buffer, arrivedAt: number): void {
    this.next.write(chunk, arrivedAt);
  }

  protected receiveEnd(): void {
    this.close();
  }

  protected get saturated(): boolean {
    return this.next.full;
  }

  /** The toxic begins to act on this connection. */
  protected activated(): void {}

  /** The attributes changed while the toxic acts on this connection. */
  protected updated(): void {}

  /** Hands on everything that is held, the end of the stream included. */
  protected release(): void {}

  /** The sender has ended; after the bytes that are still held, so must this stage. */
  protected get inputEnded(): boolean {
    return this.#inputEnded;
  }

  /** Ends the stream here, whether or not the sender has ended; later bytes vanish. */
  protected close(): void {
    if (this.#outputEnded) return;
    this.#outputEnded = true;
    this.next.end();
  }
}

const NOWHERE: Sink = { write() {}, end() {}, full: false };
const NOBODY: Sender = { drained() {} };
