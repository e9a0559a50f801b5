/**
 * Times what passes a link, with real connections through its proxy: how long so many bytes take, and when the end of a
 * connection arrives.
 */
import type { Socket } from "node:net";
import { LongTimeout } from "../machine/long-timeout.ts";
import { sendNonsense } from "./link-probe.ts";
import type { Link } from "./link.ts";
import { probeSocket } from "./probe-socket.ts";
import { QUESTIONS } from "./protocol.ts";

/** A node refuses shorter messages; its own are longer, whatever their kind. */
const BUS_MESSAGE_BYTES = 2_256;
/** A node reads a message of a version that it does not know to its end, and then ignores it. */
const UNKNOWN_BUS_VERSION = 0xffff;
/** Neither an inline command nor a list of strings: the server says so and closes the connection. */
const PROTOCOL_ERROR = "*1\r\n+\r\n";

/**
 * Sends `bytes` bytes of payload and waits for their answer, which on a service port is as long (PING with an
 * argument), and on a bus port is only the end of the connection. Servers other than Redis's are only greeted.
 * @returns milliseconds from the connection's beginning, or undefined when no answer came within `patienceMs`.
 */
export function timeExchange(link: Link, bytes: number, patienceMs: number): Promise<number | undefined> {
  const greeted = link.channel === "data" && link.protocol !== "redis";
  const expected = link.channel === "bus" ? Infinity : greeted ? 1 : `$${bytes}\r\n\r\n`.length + bytes;
  return overConnection(link, patienceMs, (socket, { started, finish }) => {
    let received = 0;
    if (link.channel === "bus") {
      socket.write(ignoredMessage(bytes));
      sendNonsense(socket);
    } else {
      socket.write(greeted ? QUESTIONS[link.protocol] : pingPayload(bytes));
    }
    socket.on("data", (data) => {
      received += data.length;
      if (received >= expected) finish(performance.now() - started);
    });
    socket.on("end", () => finish(link.channel === "bus" ? performance.now() - started : undefined));
  });
}

/**
 * Makes the node close a connection.
 * @returns milliseconds between the node's last words and the end of the connection, as its client sees them (on a bus
 * port, where a node closes without a word: from the connection's beginning); undefined when no end came within
 * `patienceMs`.
 */
export function timeServerEnd(link: Link, patienceMs: number): Promise<number | undefined> {
  return overConnection(link, patienceMs, (socket, { started, finish }) => {
    let from = link.channel === "bus" ? started : undefined;
    if (link.channel === "bus") sendNonsense(socket);
    else socket.write(PROTOCOL_ERROR);
    socket.on("data", () => (from = performance.now()));
    socket.on("end", () => finish(from === undefined ? undefined : performance.now() - from));
  });
}

/**
 * Sends a command, and hands its first answer to `then` while the connection is open.
 * @returns what `then` returned, or undefined when the link gave no answer within `patienceMs`.
 */
export async function withAnswer<T>(
  link: Link,
  command: string,
  patienceMs: number,
  then: (answer: string, socket: Socket) => Promise<T>,
): Promise<T | undefined> {
  return overConnection(link, patienceMs, (socket, { finish, fail }) => {
    socket.write(`${command}\r\n`);
    const unanswered = (): void => finish(undefined);
    socket.on("end", unanswered);
    socket.once("data", (data) => {
      // From here on the connection may end: what that means is for `then` to say.
      socket.off("end", unanswered);
      void then(data.toString("latin1"), socket).then(finish, fail);
    });
  });
}

/** What became of a command: answered, or its connection closed, or neither until `meanwhile` had come to its end. */
export type Outcome = "answered" | "closed" | "silent";

/** Sends a command and keeps its connection while `meanwhile` goes on, which hears at once of an answer or a close. */
export async function outcomeOf(
  link: Link,
  command: string,
  meanwhile: (settled: AbortSignal) => Promise<void>,
): Promise<Outcome> {
  const socket = probeSocket(link.listen);
  const settled = new AbortController();
  let outcome: Outcome = "silent";
  const settle = (how: Outcome): void => {
    if (!settled.signal.aborted) outcome = how;
    settled.abort();
  };
  socket.on("connect", () => socket.write(`${command}\r\n`));
  socket.on("data", () => settle("answered"));
  socket.on("end", () => settle("closed"));
  socket.on("error", () => settle("closed"));
  try {
    await meanwhile(settled.signal);
    return outcome;
  } finally {
    socket.destroy();
  }
}

interface Attempt<T> {
  /** When the connection was asked for, on `performance.now()`. */
  readonly started: number;
  finish(result: T | undefined): void;
  fail(error: unknown): void;
}

/**
 * Opens a connection for `use`; a link that refuses or resets gives undefined, as one that is silent for `patienceMs`.
 */
function overConnection<T>(
  link: Link,
  patienceMs: number,
  use: (socket: Socket, attempt: Attempt<T>) => void,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const socket = probeSocket(link.listen);
    const done = (): void => {
      timer.clear();
      socket.destroy();
    };
    const finish = (result: T | undefined): void => {
      done();
      resolve(result);
    };
    const timer = new LongTimeout(() => finish(undefined), patienceMs);
    socket.on("connect", () =>
      use(socket, {
        started,
        finish,
        fail: (error) => {
          done();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      }),
    );
    socket.on("error", () => finish(undefined));
  });
}

function pingPayload(bytes: number): Buffer {
  return Buffer.from(`*2\r\n$4\r\nPING\r\n$${bytes}\r\n${"x".repeat(bytes)}\r\n`);
}

/** A bus message that is read to its end and ignored. */
function ignoredMessage(bytes: number): Buffer {
  const message = Buffer.alloc(Math.max(bytes, BUS_MESSAGE_BYTES));
  message.write("RCmb");
  message.writeUInt32BE(message.length, 4);
  message.writeUInt16BE(UNKNOWN_BUS_VERSION, 8);
  return message;
}
