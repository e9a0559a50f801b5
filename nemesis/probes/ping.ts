/** Asks a server directly, past all proxies, whether it answers. */
import { connect } from "node:net";
import { LongTimeout } from "../../machine/long-timeout.ts";
import type { Node } from "../../hosts/host.ts";
import { QUESTIONS } from "../../network/protocol.ts";

/**
 * Whether a new connection and one question (PING, or what other servers understand, unless said otherwise) get any
 * answer within `patienceMs`.
 * @param command of Redis; is sent as one line: its words have no spaces.
 */
export function answersWithin({ address, protocol }: Node, patienceMs: number, command?: string): Promise<boolean> {
  const question = command === undefined ? QUESTIONS[protocol] : `${command}\r\n`;
  return new Promise((resolve) => {
    const socket = connect({ ...address, noDelay: true }, () => socket.write(question));
    const finish = (answer: boolean): void => {
      timer.clear();
      socket.destroy();
      resolve(answer);
    };
    const timer = new LongTimeout(() => finish(false), patienceMs);
    socket.on("data", () => finish(true));
    socket.on("end", () => finish(false));
    socket.on("error", () => finish(false));
  });
}
