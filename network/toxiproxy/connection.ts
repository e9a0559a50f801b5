import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Endpoint } from "../link.ts";
import { Pipe } from "./pipe.ts";
import type { RandomSource } from "./random-source.ts";
import { SOCKET_OPTIONS } from "./socket-options.ts";
import type { Direction, Toxic } from "./toxic.ts";

export interface ConnectionOptions {
  readonly client: Socket;
  readonly upstream: Endpoint;
  /** Asked for when the upstream has answered, so that toxics added meanwhile count. */
  readonly toxics: Readonly<Record<Direction, readonly Toxic[]>>;
  readonly random: Readonly<Record<Direction, RandomSource>>;
  /** Both sockets are closed. */
  readonly onClosed: () => void;
  /** The upstream could not be reached, or a socket failed. */
  readonly onError: (error: Error) => void;
}

/**
 * A client's connection and the one to the upstream that is made for it. The end of one side closes the other side
 * fully: there is no half-open connection, as in the original.
 */
export class Connection {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #pipes: Readonly<Record<Direction, Pipe>>;
  readonly #toxics: ConnectionOptions["toxics"];
  /** Opened while a `reset_peer` existed: every close is a reset, for as long as the connection lives. */
  #resets = false;
  #started = false;

  constructor({ client, upstream, toxics, random, onClosed, onError }: ConnectionOptions) {
    this.#client = client;
    this.#toxics = toxics;
    this.#upstream = connect({ ...SOCKET_OPTIONS, ...upstream });
    const close = (socket: Socket): void => this.#closeAfterWrites(socket);
    this.#pipes = {
      upstream: new Pipe(client, this.#upstream, random.upstream, close),
      downstream: new Pipe(this.#upstream, client, random.downstream, close),
    };
    this.#upstream.once("connect", () => this.#start());
    let open = 2;
    for (const socket of [client, this.#upstream]) {
      socket.on("error", onError);
      socket.once("close", () => {
        open -= 1;
        if (open > 0) return;
        for (const pipe of Object.values(this.#pipes)) pipe.stop();
        onClosed();
      });
    }
  }

  addToxic(toxic: Toxic): void {
    if (this.#started) this.#pipes[toxic.direction].add(toxic);
  }

  updateToxic(toxic: Toxic): void {
    if (this.#started) this.#pipes[toxic.direction].update(toxic);
  }

  removeToxic(toxic: Toxic): void {
    if (this.#started) this.#pipes[toxic.direction].remove(toxic);
  }

  /** Closes both sockets now; bytes that are still on their way are lost. */
  destroy(): void {
    for (const pipe of Object.values(this.#pipes)) pipe.stop();
    for (const socket of [this.#client, this.#upstream]) this.#closeNow(socket);
  }

  #start(): void {
    this.#started = true;
    this.#resets = Object.values(this.#toxics).some((chain) => chain.some((toxic) => toxic.type.resetsConnections));
    this.#pipes.upstream.start(this.#toxics.upstream);
    this.#pipes.downstream.start(this.#toxics.downstream);
    this.#client.resume();
  }

  /**
   * Closes without an end first, as the original does: the system sends a reset where bytes came that nobody has read
   * any more, such as those of a client whose upstream refuses it.
   */
  #closeAfterWrites(socket: Socket): void {
    if (socket.writableLength === 0) this.#closeNow(socket);
    else socket.write(NOTHING, () => this.#closeNow(socket));
  }

  #closeNow(socket: Socket): void {
    if (socket.destroyed) return;
    if (this.#resets && !socket.connecting) socket.resetAndDestroy();
    else socket.destroy();
  }
}

const NOTHING = new Uint8Array(0);
