/**
 * Clients by redquake's own node-redis (https://github.com/redis/node-redis), with its defaults. Few adapters ask for
 * one, and it takes a while to load.
 */
import type { SystemPlan } from "../../history/plan.ts";

/**
 * What node-redis' clients of a server, of sentinels and of a Cluster have in common. Its own types are so large that
 * the compiler takes a minute for them; who wants them says so: `nodeRedis<RedisClientType>()`.
 */
export interface NodeRedisClient {
  connect(): Promise<unknown>;
  on(event: string, listener: (error: Error) => void): unknown;
  destroy(): unknown;
}

/** How they are made. */
interface NodeRedisModule {
  createClient(options: object): NodeRedisClient;
  createSentinel(options: object): NodeRedisClient;
  createCluster(options: object): NodeRedisClient;
}

export interface NodeRedisPlace {
  readonly system: SystemPlan["kind"];
  readonly endpoints: readonly { readonly host: string; readonly port: number }[];
  /** With Sentinel only. */
  readonly masterName: string | undefined;
  /** What each connection is made with. */
  readonly options: object;
}

/** Resolves when it is connected: to the only server, to the primary, or to the whole Cluster. */
export async function openNodeRedis(place: NodeRedisPlace): Promise<NodeRedisClient> {
  const client = unconnected(await import("redis"), place);
  // Without a listener an error of a connection ends the process.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

function unconnected(
  redis: NodeRedisModule,
  { system, endpoints, masterName, options }: NodeRedisPlace,
): NodeRedisClient {
  const [socket] = endpoints;
  if (socket === undefined) throw new RangeError("there is no server to connect to");
  if (system === "cluster")
    return redis.createCluster({ rootNodes: endpoints.map((each) => ({ socket: each })), defaults: options });
  if (masterName !== undefined)
    return redis.createSentinel({ name: masterName, sentinelRootNodes: [...endpoints], nodeClientOptions: options });
  return redis.createClient({ ...options, socket: { ...Reflect.get(options, "socket"), ...socket } });
}
