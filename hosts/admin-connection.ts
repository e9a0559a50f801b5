/** A direct connection to one server for readiness, probes and administration: no proxy, no retry, nothing resent. */
import { Redis } from "ioredis";
import type { Endpoint } from "../network/link.ts";
import { NoAnswerError } from "../machine/no-answer-error.ts";
import { LONGEST_TIMER_MS } from "../machine/long-timeout.ts";

const COMMAND_TIMEOUT_MS = 2_000;
/** A server that is down refuses at once, and a stopped one accepts: only a busy machine takes long to connect. */
const CONNECT_TIMEOUT_MS = 10_000;

export class AdminConnection {
  readonly #address: Endpoint;
  readonly #commandTimeoutMs: number;
  #client: Redis | undefined;

  /** @param commandTimeoutMs how long an answer may take; longer than usual for commands that block. */
  constructor(address: Endpoint, commandTimeoutMs = COMMAND_TIMEOUT_MS) {
    this.#address = address;
    this.#commandTimeoutMs = Math.min(commandTimeoutMs, LONGEST_TIMER_MS);
  }

  /**
   * Sends one command; a connection that failed is replaced by a new one for the next command.
   * @throws ReplyError when the server answers with an error, NoAnswerError when it does not answer.
   */
  async command(...args: readonly (string | number)[]): Promise<unknown> {
    const [name, ...rest] = args;
    try {
      const client = (this.#client ??= await this.#connect());
      return await client.call(String(name), ...rest.map(String));
    } catch (error) {
      if ((error as Error).name === "ReplyError") throw error;
      // An error reply leaves the connection in order; anything else does not.
      this.close();
      throw new NoAnswerError((error as Error).message, { cause: error });
    }
  }

  close(): void {
    this.#client?.disconnect();
    this.#client = undefined;
  }

  async #connect(): Promise<Redis> {
    const client = new Redis({
      ...this.#address,
      lazyConnect: true,
      protocol: 2,
      retryStrategy: null,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResendUnfulfilledCommands: false,
      disableClientInfo: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: this.#commandTimeoutMs,
    });
    let failure: Error | undefined;
    client.on("error", (error: Error) => (failure = error));
    client.on("close", () => {
      if (this.#client === client) this.#client = undefined;
    });
    try {
      await client.connect();
    } catch (error) {
      client.disconnect();
      throw failure ?? error;
    }
    return client;
  }
}
