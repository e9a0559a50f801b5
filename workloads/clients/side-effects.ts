/**
 * What messages and jobs are there for: a list on a server that no fault touches, which has every side effect in the
 * order of arrival.
 */
import type { Redis } from "ioredis";
import type { Json } from "../../history/operation.ts";

export class SideEffects<Effect extends Json> {
  readonly #server: Redis;
  readonly #key: string;

  constructor(server: Redis, channel: string) {
    this.#server = server;
    this.#key = `effects:${channel}`;
  }

  async make(effect: Effect): Promise<void> {
    await this.#server.rpush(this.#key, JSON.stringify(effect));
  }

  async all(): Promise<Effect[]> {
    const effects = await this.#server.lrange(this.#key, 0, -1);
    return effects.map((effect) => JSON.parse(effect) as Effect);
  }
}
