/**
 * Tries a link with a real connection through its proxy.
 * A service port is asked with PING. A cluster bus port is sent bytes that are no bus message: a node that hears them closes the
 * connection at once, so an ordinary end is the proof that they arrived. A reset is not: that is what a link under `reset` answers.
 */
import { connect } from "node:net";
import type { Link } from "./link.ts";

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
 * As long as what a node reads before it looks at a message (signature and length, `clusterReadHandler` in Redis's sources): with any
 * of it unread, the node's own close would be a reset.
 */
export const NOT_A_BUS_MESSAGE = Buffer.from("redquake");

/** @param patienceMs how long to wait for an answer before the link counts as silent. */
export function probeLink(link: Link, patienceMs: number): Promise<LinkState> {
  return new Promise((resolve) => {
    const started = performance.now();
    const socket = connect({ ...link.listen, noDelay: true });
    let connected = false;
    const finish = (state: LinkState): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(state);
    };
    const timer = setTimeout(() => finish({ state: "silent" }), patienceMs);
    const answers = (): void => finish({ state: "answers", afterMs: performance.now() - started });
    socket.on("connect", () => {
      connected = true;
      socket.write(link.channel === "bus" ? NOT_A_BUS_MESSAGE : "PING\r\n");
    });
    socket.on("data", answers);
    socket.on("end", () => (link.channel === "bus" ? answers() : finish({ state: "closed" })));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      finish({ state: connected || error.code !== "ECONNREFUSED" ? "closed" : "refused" });
    });
  });
}
