/**
 * Whether a library asks the servers anything by itself while its client does nothing, as a watchdog does that keeps a
 * lock alive. Seen from inside: how much has been written to the sockets that the process has opened. What a library
 * does in another process cannot be seen so.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

const CLIENT_SOCKETS = "net.client.socket";

export interface OwnTraffic extends Disposable {
  /** Bytes that were written so far; undefined where no connection could be seen. */
  written(): number | undefined;
}

/** @param except the port of connections that are not the library's */
export function watchTraffic(except: number): OwnTraffic {
  const sockets = new Set<Socket>();
  let [gone, seen] = [0, false];
  const opened = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    socket.once("connect", () => {
      if (socket.remotePort === except) return;
      seen = true;
      sockets.add(socket);
    });
    socket.once("close", () => {
      if (sockets.delete(socket)) gone += socket.bytesWritten;
    });
  };
  subscribe(CLIENT_SOCKETS, opened);
  return {
    written: () => (seen ? [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, gone) : undefined),
    [Symbol.dispose]: () => void unsubscribe(CLIENT_SOCKETS, opened),
  };
}

/** Adds up what is written in the parts of a turn in which its client does nothing. */
export class Idleness {
  readonly #traffic: OwnTraffic;
  #bytes = 0;
  #seen = false;

  constructor(traffic: OwnTraffic) {
    this.#traffic = traffic;
  }

  async during<T>(idle: Promise<T>): Promise<T> {
    const before = this.#traffic.written();
    const result = await idle;
    const after = this.#traffic.written();
    if (before === undefined || after === undefined) return result;
    this.#seen = true;
    this.#bytes += after - before;
    return result;
  }

  /** Whether the library has asked the servers anything by itself; undefined where that cannot be seen. */
  get refreshed(): boolean | undefined {
    return this.#seen ? this.#bytes > 0 : undefined;
  }
}
