/**
 * Tries a link with a real connection through its proxy. A service port is asked what any client may ask (PING, or what
 * other servers understand). A cluster bus port is sent bytes that are no bus message: a node that hears them closes
 * the connection at once, so an ordinary end is the proof that they arrived. A reset is not: that is what a link under
 * `reset` answers.
 */
import type { Socket } from "node:net";
import { pause } from "../machine/long-timeout.ts";
import type { Link } from "./link.ts";
import { probeSocket } from "./probe-socket.ts";
import { QUESTIONS } from "./protocol.ts";

export type LinkState =
  /** The node answered, after so many milliseconds. */
  | { readonly state: "answers"; readonly afterMs: number }
  /** Connected, but nothing came back in the time given. */
  | { readonly state: "silent" }
  /** The connection was closed or reset without an answer. */
  | { readonly state: "closed" }
  /** The connection was refused. */
  | { readonly state: "refused" };

/**
 * As long as what Redis reads before it looks at a message (signature and length, `clusterReadHandler` in its sources):
 * with any of it unread, the node's own close would be a reset. Valkey 8.1 reads six bytes more, so those follow when
 * nothing has come of the first.
 */
const NOT_A_BUS_MESSAGE = Buffer.from("redquake");
const MORE_FOR_VALKEY = Buffer.from("probes");
const MORE_AFTER_MS = 100;

/** Makes a node close a connection to its cluster bus. */
export function sendNonsense(socket: Socket): void {
  socket.write(NOT_A_BUS_MESSAGE);
  const timer = setTimeout(() => {
    if (socket.writable && !socket.readableEnded) socket.write(MORE_FOR_VALKEY);
  }, MORE_AFTER_MS);
  socket.once("close", () => clearTimeout(timer));
}

/** @param patienceMs how long to wait for an answer before the link counts as silent. */
export function probeLink(link: Link, patienceMs: number): Promise<LinkState> {
  return probeLinkDuring(link, (settled) => pause(patienceMs, settled));
}

/**
 * @param meanwhile goes on beside the question, and hears when there is an answer; when it has ended without one, the
 * link counts as silent.
 */
export function probeLinkDuring(link: Link, meanwhile: (settled: AbortSignal) => Promise<void>): Promise<LinkState> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const socket = probeSocket(link.listen);
    const settled = new AbortController();
    let connected = false;
    const finish = (state: LinkState): void => {
      settled.abort();
      socket.destroy();
      resolve(state);
    };
    meanwhile(settled.signal).then(() => finish({ state: "silent" }), reject);
    const answers = (): void => finish({ state: "answers", afterMs: performance.now() - started });
    socket.on("connect", () => {
      connected = true;
      if (link.channel === "bus") sendNonsense(socket);
      else socket.write(QUESTIONS[link.protocol]);
    });
    socket.on("data", answers);
    socket.on("end", () => (link.channel === "bus" ? answers() : finish({ state: "closed" })));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      finish({ state: connected || error.code !== "ECONNREFUSED" ? "closed" : "refused" });
    });
  });
}

/**
 * Tries a link that should be open. A server may close all its connections for reasons of its own, as one does that
 * Sentinel makes the replica of another: it is told to with `CLIENT KILL TYPE normal` (`sentinelSendSlaveOf` in its
 * sources). So a link is closed when the next connection, too, is closed.
 */
export async function probeOpenLink(link: Link, patienceMs: number): Promise<LinkState> {
  const first = await probeLink(link, patienceMs);
  return first.state === "closed" ? probeLink(link, patienceMs) : first;
}
