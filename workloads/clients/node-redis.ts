/**
 * Clients by redquake's own node-redis (https://github.com/redis/node-redis), with its defaults. Few adapters ask for
 * one, and it takes a while to load.
 */
import type * as Redis from "redis";
import type { RedisClientOptions } from "redis";
import type { SystemPlan } from "../../history/plan.ts";

export type NodeRedisClient = ReturnType<
  typeof Redis.createClient | typeof Redis.createCluster | typeof Redis.createSentinel
>;

export interface NodeRedisPlace {
  readonly system: SystemPlan["kind"];
  readonly endpoints: readonly { readonly host: string; readonly port: number }[];
  /** With Sentinel only. */
  readonly masterName: string | undefined;
  readonly options: RedisClientOptions;
}

/** Resolves when it is connected: to the only server, to the primary, or to the whole Cluster. */
export async function openNodeRedis(place: NodeRedisPlace): Promise<NodeRedisClient> {
  const redis = await import("redis");
  const client = unconnected(redis, place);
  // Without a listener an error of a connection ends the process.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

function unconnected(redis: typeof Redis, { system, endpoints, masterName, options }: NodeRedisPlace): NodeRedisClient {
  const [socket] = endpoints;
  if (socket === undefined) throw new RangeError("there is no server to connect to");
  if (system === "cluster")
    return redis.createCluster({ rootNodes: endpoints.map((each) => ({ socket: each })), defaults: options });
  if (masterName !== undefined)
    return redis.createSentinel({ name: masterName, sentinelRootNodes: [...endpoints], nodeClientOptions: options });
  return redis.createClient({ ...options, socket: { ...options.socket, ...socket } });
}
