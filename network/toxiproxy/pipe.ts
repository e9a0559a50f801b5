import type { Socket } from "node:net";
import type { RandomSource } from "./random-source.ts";
import type { Sender, Sink, Stage } from "./stage.ts";
import type { Toxic } from "./toxic.ts";

/**
 * One direction of a connection: from the source's socket through a stage for every toxic to the destination's socket.
 */
export class Pipe implements Sender {
  readonly #source: Socket;
  readonly #sink: SocketSink;
  readonly #random: RandomSource;
  #stages: { readonly toxic: Toxic; readonly stage: Stage }[] = [];
  #head: Sink;
  #paused = false;
  #sourceEnded = false;
  #stopped = false;

  /** @param closeDestination how this connection's sockets are closed once all bytes are written. */
  constructor(source: Socket, destination: Socket, random: RandomSource, closeDestination: (socket: Socket) => void) {
    this.#source = source;
    this.#random = random;
    this.#sink = new SocketSink(destination, closeDestination);
    this.#head = this.#sink;
    destination.on("drain", () => this.#toLast().drained());
    destination.on("close", () => this.#destinationClosed());
    // A reset ends the stream like a close does: what the other side gets to see is an ordinary end.
    source.on("end", () => this.#sourceClosed());
    source.on("close", () => this.#sourceClosed());
  }

  /** Begins to read the source. */
  start(toxics: readonly Toxic[]): void {
    for (const toxic of toxics) this.add(toxic);
    this.#source.on("data", (chunk: Buffer) => this.#read(chunk));
  }

  /** Puts a stage for a new toxic at the end of the chain. */
  add(toxic: Toxic): void {
    if (this.#stopped) return;
    const stage = toxic.type.createStage(toxic.attributes, this.#random);
    this.#stages.push({ toxic, stage });
    this.#connectStages();
    stage.configure(this.#strikes(toxic));
  }

  /** The toxic was updated; whether it acts on this connection is drawn anew. */
  update(toxic: Toxic): void {
    this.#stageOf(toxic)?.configure(this.#strikes(toxic));
  }

  remove(toxic: Toxic): void {
    const stage = this.#stageOf(toxic);
    if (stage === undefined) return;
    stage.remove();
    this.#stages = this.#stages.filter((entry) => entry.stage !== stage);
    this.#connectStages();
    stage.previous.drained();
  }

  /** Nothing more can be delivered: drops what is held, and what still comes. */
  stop(): void {
    this.#stopped = true;
    this.#sink.discard();
    for (const { stage } of this.#stages) stage.stop();
    this.#stages = [];
    this.#head = this.#sink;
  }

  drained(): void {
    if (!this.#paused || this.#head.full) return;
    this.#paused = false;
    this.#source.resume();
  }

  #read(chunk: Buffer): void {
    // Most connections have no toxic most of the time, and then nobody asks when a chunk arrived.
    this.#head.write(chunk, this.#stages.length === 0 ? 0 : performance.now());
    if (this.#head.full) {
      this.#paused = true;
      this.#source.pause();
    }
  }

  #sourceClosed(): void {
    if (this.#sourceEnded) return;
    this.#sourceEnded = true;
    this.#head.end();
  }

  #destinationClosed(): void {
    this.stop();
    // A source that nobody reads could not say that it has ended.
    this.drained();
  }

  #strikes(toxic: Toxic): boolean {
    return this.#random() < toxic.toxicity;
  }

  #stageOf(toxic: Toxic): Stage | undefined {
    return this.#stages.find((entry) => entry.toxic === toxic)?.stage;
  }

  #toLast(): Sender {
    return this.#stages.at(-1)?.stage ?? this;
  }

  #connectStages(): void {
    this.#head = this.#stages[0]?.stage ?? this.#sink;
    for (const [index, { stage }] of this.#stages.entries()) {
      stage.previous = this.#stages[index - 1]?.stage ?? this;
      stage.next = this.#stages[index + 1]?.stage ?? this.#sink;
    }
  }
}

/** The end of the chain: writes to the destination. */
class SocketSink implements Sink {
  readonly #socket: Socket;
  readonly #close: (socket: Socket) => void;
  #ended = false;

  constructor(socket: Socket, close: (socket: Socket) => void) {
    this.#socket = socket;
    this.#close = close;
  }

  get full(): boolean {
    return !this.#ended && this.#socket.writableNeedDrain;
  }

  write(chunk: Buffer): void {
    if (!this.#ended) this.#socket.write(chunk);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#close(this.#socket);
  }

  /** The destination is gone; what still comes is dropped. */
  discard(): void {
    this.#ended = true;
  }
}
