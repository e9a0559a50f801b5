/**
 * Which messages were sent with success, written down by their publishers on the server that no fault touches:
 * consumers go on in the end until they have them, so what a busy machine has not read yet is not taken for lost.
 */
import type { Redis } from "ioredis";

export class SentMessages {
  readonly #server: Redis;
  readonly #key: string;

  constructor(server: Redis, channel: string) {
    this.#server = server;
    this.#key = `sent:${channel}`;
  }

  async add(messages: readonly string[]): Promise<void> {
    if (messages.length > 0) await this.#server.sadd(this.#key, ...messages);
  }

  /** Those that have been written down so far. */
  async all(): Promise<ReadonlySet<string>> {
    return new Set(await this.#server.smembers(this.#key));
  }
}
