/**
 * Whether a library asks the servers anything by itself while its client does nothing, as a watchdog does that keeps a
 * lock alive. Seen from inside: how much has been written to the sockets that the process has opened. What a library
 * does in another process cannot be seen so.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

const CLIENT_SOCKETS = "net.client.socket";

export interface OwnTraffic extends Disposable {
  /**
   * Looks from now on.
   * @returns tells the bytes written since; undefined where no connection could be seen
   */
  look(): () => number | undefined;
}

/** @param except the port of connections that are not the library's */
export function watchTraffic(except: number): OwnTraffic {
  const open = new Set<Socket>();
  const looks = new Set<Look>();
  let seen = false;
  /** How many connections the servers, or a fault, have closed, and nothing has replaced yet. */
  let lost = 0;
  const opened = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    let ended = false;
    socket.once("end", () => void (ended = true));
    socket.once("connect", () => {
      if (socket.remotePort === except) return;
      seen = true;
      open.add(socket);
      // A client library connects again by itself, and greets the server: nobody has asked anything by that.
      if (lost > 0) lost -= 1;
      else for (const look of looks) look.set(socket, 0);
    });
    socket.once("close", (hadError) => {
      if (open.delete(socket) && (ended || hadError)) lost += 1;
    });
  };
  subscribe(CLIENT_SOCKETS, opened);
  return {
    look: () => {
      const look: Look = new Map([...open].map((socket) => [socket, socket.bytesWritten]));
      looks.add(look);
      return () => {
        looks.delete(look);
        return seen ? [...look].reduce((sum, [socket, before]) => sum + socket.bytesWritten - before, 0) : undefined;
      };
    },
    [Symbol.dispose]: () => void unsubscribe(CLIENT_SOCKETS, opened),
  };
}

/** The connections that count, and what had been written to each before. */
type Look = Map<Socket, number>;

/** Adds up what is written in the parts of a turn in which its client does nothing. */
export class Idleness {
  readonly #traffic: OwnTraffic;
  #bytes = 0;
  #seen = false;

  constructor(traffic: OwnTraffic) {
    this.#traffic = traffic;
  }

  async during<T>(idle: Promise<T>): Promise<T> {
    const written = this.#traffic.look();
    try {
      return await idle;
    } finally {
      const bytes = written();
      if (bytes !== undefined) {
        this.#seen = true;
        this.#bytes += bytes;
      }
    }
  }

  /** Whether the library has asked the servers anything by itself; undefined where that cannot be seen. */
  get refreshed(): boolean | undefined {
    return this.#seen ? this.#bytes > 0 : undefined;
  }
}
