/** What locks leave on the servers, and ask of them: looked at from outside, before the load and in the end. */
import type { Redis } from "ioredis";
import type { LeftKey, ServerCommands } from "../../history/vocabulary/lock.ts";
import { commandsOf } from "../clients/command-stats.ts";
import { connected } from "../clients/connection.ts";
import type { WorkerSurroundings } from "../workload.ts";

const SCAN_COUNT = 1_000;

export interface ServerSurvey {
  /** How often each command was carried out so far, by server: `{ "n1": { "set": 12, … } }`. */
  commands(): Promise<ServerCommands>;
  /** All keys. */
  keys(): Promise<LeftKey[]>;
  close(): void;
}

export async function openSurvey(context: WorkerSurroundings): Promise<ServerSurvey> {
  const servers = await Promise.all(
    context.nodes
      .filter(({ kind }) => kind === "redis")
      .map(async ({ name, proxied }) => ({ name, client: await connected({ ...proxied, protocol: 3 }) })),
  );
  return {
    commands: async () =>
      Object.fromEntries(
        await Promise.all(servers.map(async ({ name, client }) => [name, await commandsOf(client)] as const)),
      ),
    keys: async () => (await Promise.all(servers.map(({ name, client }) => keysOf(name, client)))).flat(),
    close: () => {
      for (const { client } of servers) client.disconnect();
    },
  };
}

async function keysOf(server: string, client: Redis): Promise<LeftKey[]> {
  const names = new Set<string>();
  let cursor = "0";
  do {
    const [next, some] = await client.scan(cursor, "COUNT", SCAN_COUNT);
    cursor = next;
    for (const name of some) names.add(name);
  } while (cursor !== "0");
  const found = await Promise.all(
    [...names].map(async (key): Promise<LeftKey | undefined> => {
      const [type, ttlMs] = await Promise.all([client.type(key), client.pttl(key)]);
      // It expired while it was looked at.
      if (type === "none" || ttlMs === -2) return undefined;
      const counter = type === "string" && /^-?\d+$/.test((await client.get(key)) ?? "");
      return { server, key, type, ttlMs, counter };
    }),
  );
  return found.filter((each) => each !== undefined);
}
