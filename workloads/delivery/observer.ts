/** Asks every server what it knows of the channels, over connections that faults of other workers do not touch. */
import type { Redis } from "ioredis";
import type { DeliveryEvents, SeenChannel } from "../../history/vocabulary/delivery.ts";
import { pause } from "../../machine/long-timeout.ts";
import { connection } from "../clients/connection.ts";
import { connectionOptions } from "../clients/profiles.ts";
import { fieldsOf } from "../clients/reply-fields.ts";
import type { LogicalClient, WorkerContext } from "../workload.ts";
import type { ObserverOptions } from "./options.ts";

type ObserverEvents = Pick<DeliveryEvents, "observe">;

const TIMEOUT_MS = 1_000;
/** How many pending entries are looked at for the oldest and the most often delivered one. */
const PENDING_LOOKED_AT = 1_000;

export async function observe(
  context: WorkerContext<ObserverEvents>,
  { channels, everyMs }: ObserverOptions,
): Promise<void> {
  const servers = context.nodes
    .filter(({ kind }) => kind === "redis")
    .map(({ name, proxied }) => ({
      name,
      client: connection({ ...connectionOptions("raw", TIMEOUT_MS), ...proxied }),
      logical: context.client(),
    }));
  const all = (): Promise<unknown> => Promise.all(servers.map((server) => look(server, channels)));
  await context.ready();
  while (!context.settling.aborted) {
    await all();
    await pause(everyMs);
  }
  await context.final();
  await all();
}

interface Server {
  readonly name: string;
  readonly client: Redis;
  readonly logical: LogicalClient<ObserverEvents>;
}

async function look({ name: node, client, logical }: Server, channels: readonly string[]): Promise<void> {
  await logical.operation(
    "observe",
    { node },
    async ({ ok }) => ok({ node, channels: await Promise.all(channels.map((channel) => seen(client, channel))) }),
    { reads: true },
  );
}

async function seen(client: Redis, channel: string): Promise<SeenChannel> {
  const [subscribers, shardSubscribers, patterns, groups] = await Promise.all([
    client.pubsub("NUMSUB", channel).then((answer) => Number(answer[1] ?? 0)),
    client.pubsub("SHARDNUMSUB", channel).then(
      (answer) => Number(answer[1] ?? 0),
      () => null,
    ),
    client.pubsub("NUMPAT").then(Number),
    groupsOf(client, channel),
  ]);
  return { channel, subscribers, shardSubscribers, patterns, groups };
}

/** None where the key is no stream, or belongs to another node. */
async function groupsOf(client: Redis, key: string): Promise<SeenChannel["groups"]> {
  const type = await client.type(key).catch(() => "none");
  if (type !== "stream") return [];
  const groups = (await client.xinfo("GROUPS", key)) as unknown[];
  return Promise.all(
    groups.map(fieldsOf).map(async (group) => {
      const name = String(group["name"]);
      const pending = (await client.xpending(key, name, "-", "+", PENDING_LOOKED_AT)) as [
        id: string,
        consumer: string,
        idleMs: number,
        deliveries: number,
      ][];
      return {
        name,
        pending: Number(group["pending"]),
        lag: group["lag"] === null || group["lag"] === undefined ? null : Number(group["lag"]),
        oldestIdleMs: greatest(pending.map(([, , idleMs]) => idleMs)),
        mostDeliveries: greatest(pending.map(([, , , deliveries]) => deliveries)),
      };
    }),
  );
}

function greatest(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : Math.max(...numbers);
}
