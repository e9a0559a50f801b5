/** Asks a server directly, past all proxies, whether it answers. */
import { connect } from "node:net";
import type { Endpoint } from "../network/link.ts";

/**
 * Whether a new connection and one command (PING unless said otherwise) get any answer within `patienceMs`.
 * @param command is sent as one line: its words have no spaces.
 */
export function answersWithin(address: Endpoint, patienceMs: number, command = "PING"): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, noDelay: true }, () => socket.write(`${command}\r\n`));
    const finish = (answer: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(false), patienceMs);
    socket.on("data", () => finish(true));
    socket.on("end", () => finish(false));
    socket.on("error", () => finish(false));
  });
}
