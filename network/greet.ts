/** Asks a server the least that a client can ask, on a connection of its own. */
import { connect } from "node:net";
import type { Endpoint } from "./link.ts";
import { QUESTIONS } from "./protocol.ts";
import type { Protocol } from "./protocol.ts";

/**
 * Resolves to the first line of the answer, such as `+PONG`.
 * @throws Error when nothing comes within `patienceMs`, or the connection fails or ends before.
 */
export function greet(address: Endpoint, protocol: Protocol, patienceMs: number): Promise<string> {
  const at = `${address.host}:${address.port}`;
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address, noDelay: true }, () => socket.write(QUESTIONS[protocol]));
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    const timer = setTimeout(
      () => finish(() => reject(new Error(`${at} did not answer within ${patienceMs} ms`))),
      patienceMs,
    );
    socket.once("data", (data) => finish(() => resolve(data.toString("latin1").split("\r\n", 1)[0] ?? "")));
    socket.once("end", () => finish(() => reject(new Error(`${at} closed the connection without an answer`))));
    socket.once("error", (error) => finish(() => reject(error)));
  });
}
