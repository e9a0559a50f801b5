/** What the checks see of the servers, and do to them, past the adapter. */
import type { Redis } from "ioredis";
import { connected } from "../../clients/connection.ts";
import { commandsOf } from "../../clients/command-stats.ts";
import type { Endpoint } from "../adapter.ts";

export class Servers {
  readonly #servers: readonly Redis[];

  private constructor(servers: readonly Redis[]) {
    this.#servers = servers;
  }

  static async at(endpoints: readonly Endpoint[]): Promise<Servers> {
    return new Servers(await Promise.all(endpoints.map((endpoint) => connected({ ...endpoint }))));
  }

  /** How often each command was carried out so far, on all servers together. */
  async commands(): Promise<ReadonlyMap<string, number>> {
    const all = new Map<string, number>();
    for (const commands of await Promise.all(this.#servers.map(commandsOf)))
      for (const [command, count] of Object.entries(commands)) all.set(command, (all.get(command) ?? 0) + count);
    return all;
  }

  /** While the servers refuse every write. */
  async withoutMemory<T>(body: () => Promise<T>): Promise<T> {
    const limited = (bytes: number): Promise<unknown> =>
      Promise.all(this.#servers.map((server) => server.config("SET", "maxmemory", bytes)));
    await limited(1);
    try {
      return await body();
    } finally {
      await limited(0);
    }
  }

  /** While the servers answer nobody, for so long; resolves when they answer again. */
  async silent<T>(forMs: number, body: () => Promise<T>): Promise<T> {
    await Promise.all(this.#servers.map((server) => server.client("PAUSE", forMs, "ALL")));
    try {
      return await body();
    } finally {
      await Promise.all(this.#servers.map((server) => server.ping()));
    }
  }

  /** Empties the servers. */
  async forget(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.flushall()));
  }

  /** Deletes every key that would expire within `withinMs`, now. @returns how many there were */
  async expire(withinMs: number): Promise<number> {
    const expiring = (await this.timesToLive()).filter(({ ttlMs }) => ttlMs >= 0 && ttlMs <= withinMs);
    for (const { server, key } of expiring) await server.del(key);
    return expiring.length;
  }

  /** Every key with the milliseconds that it has left, or -1. */
  async timesToLive(): Promise<{ server: Redis; key: string; ttlMs: number }[]> {
    const lists = await Promise.all(
      this.#servers.map(async (server) => {
        const keys = await server.keys("*");
        return Promise.all(keys.map(async (key) => ({ server, key, ttlMs: await server.pttl(key) })));
      }),
    );
    return lists.flat();
  }

  disconnect(): void {
    for (const server of this.#servers) server.disconnect();
  }
}
