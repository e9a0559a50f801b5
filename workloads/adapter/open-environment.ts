/** What an adapter gets to work with, by the system under test. */
import { Cluster } from "ioredis";
import type { ClusterOptions, Redis, RedisOptions } from "ioredis";
import type { SystemPlan } from "../../history/plan.ts";
import type { Random } from "../../history/random.ts";
import { connection, usable } from "../clients/connection.ts";
import { openNodeRedis } from "../clients/node-redis.ts";
import type { NodeRedisClient } from "../clients/node-redis.ts";
import { connectionOptions } from "../clients/profiles.ts";
import { MASTER_NAME, sentinelOptions } from "../clients/sentinel.ts";
import type { WorkerSurroundings } from "../workload.ts";
import type { AdapterEnvironment, Endpoint } from "./adapter.ts";
import { AdapterError } from "./adapter-error.ts";

const PATIENCE_MS = 10_000;

export interface EnvironmentParts {
  readonly system: SystemPlan["kind"];
  readonly endpoints: readonly Endpoint[];
  readonly masterName?: string;
  /** How redquake's own ioredis connects to the i-th endpoint, before what the adapter asks for. */
  readonly redisOptions: (i: number) => RedisOptions;
  readonly clientId: string;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly ttlMs?: number;
  readonly election?: string;
  readonly termMs?: number;
  readonly commandTimeoutMs?: number;
}

export interface OpenEnvironment {
  readonly environment: AdapterEnvironment;
  /**
   * To be called when the adapter is open.
   * @throws AdapterError when it has taken sentinels for servers: where these are, it has not asked.
   */
  assertServersFound(named: string): void;
  /** Resolves when every connection that was asked for is up. @throws what the last attempt of one met. */
  connected(): Promise<void>;
  /** Ends every connection that was asked for. */
  close(): void;
}

export function openEnvironment({ redisOptions, ...parts }: EnvironmentParts): OpenEnvironment {
  const { system, endpoints, masterName } = parts;
  const given: (Redis | Cluster)[] = [];
  const nodeRedisClients: NodeRedisClient[] = [];
  /** What the adapter has looked at. */
  const seen = new Set<keyof AdapterEnvironment>();
  const redis = (i = 0, extra: RedisOptions = {}): Redis => {
    seen.add("redis");
    if (endpoints[i] === undefined)
      throw new RangeError(`there is no endpoint ${i}: this system has ${endpoints.length}`);
    const client = connection({ ...redisOptions(i), ...extra });
    given.push(client);
    return client;
  };
  const cluster = (options: ClusterOptions = {}): Cluster => {
    if (system !== "cluster") throw new RangeError(`there is no Cluster: the system is ${system}`);
    const client = new Cluster([...endpoints], {
      ...options,
      redisOptions: { ...options.redisOptions, replyMapping: "legacy" },
    });
    client.on("error", () => undefined);
    given.push(client);
    return client;
  };
  const nodeRedis = async <Client>(options: object = {}): Promise<Client> => {
    seen.add("nodeRedis");
    const client = await openNodeRedis({ system, endpoints, masterName, options });
    nodeRedisClients.push(client);
    return client as Client;
  };
  const environment = {
    ...parts,
    redis,
    cluster,
    nodeRedis,
    log: (text: string) => void process.stderr.write(`${text}\n`),
  };
  for (const name of ["endpoints", "masterName"] as const)
    if (parts[name] !== undefined)
      Object.defineProperty(environment, name, {
        enumerable: true,
        get: () => {
          seen.add(name);
          return parts[name];
        },
      });
  return {
    environment,
    assertServersFound: (named) => {
      if (masterName === undefined || !seen.has("endpoints") || seen.has("masterName")) return;
      if (seen.has("redis") || seen.has("nodeRedis")) return;
      throw new AdapterError({
        adapter: named,
        problem: "takes sentinels for servers: with Sentinel, the endpoints are those of the sentinels",
        remedy: `use redis(), or ask the sentinels for the primary of masterName; an adapter that does neither says \`systems: ["single"]\``,
      });
    },
    connected: async () => {
      await Promise.all(given.map(up));
    },
    close: () => {
      for (const client of given) client.disconnect();
      for (const client of nodeRedisClients) void client.destroy();
    },
  };
}

/** What a campaign says of the clients under test. */
export interface EnvironmentWishes {
  readonly ttlMs?: number | undefined;
  readonly election?: string | undefined;
  readonly termMs?: number | undefined;
  /** How long redquake's own clients wait for a reply. */
  readonly commandTimeoutMs: number;
  /** ioredis' `commandTimeout`, in both profiles. */
  readonly giveUpMs?: number | undefined;
}

/** The environment of a worker: its own proxies, or the sentinels. */
export function workerEnvironment(
  context: WorkerSurroundings,
  { ttlMs, election, termMs, commandTimeoutMs, giveUpMs }: EnvironmentWishes,
): OpenEnvironment {
  // A user of the library sets nothing, so with the defaults nothing is set here, but for what the campaign is about.
  const base = {
    ...(context.profile === "app" ? {} : connectionOptions(context.profile, commandTimeoutMs)),
    ...(giveUpMs === undefined ? {} : { commandTimeout: giveUpMs }),
  };
  const sentinel = context.system === "sentinel";
  const endpoints = context.nodes
    .filter(({ kind }) => (kind === "sentinel") === sentinel)
    .map(({ proxied: { host, port } }) => ({ host, port }));
  return openEnvironment({
    system: context.system,
    endpoints,
    ...(sentinel ? { masterName: MASTER_NAME } : {}),
    redisOptions: (i) => ({ ...base, ...(sentinel ? sentinelOptions(context) : endpoints[i]) }),
    clientId: context.worker,
    random: context.random,
    signal: context.settling,
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(election === undefined ? {} : { election }),
    ...(termMs === undefined ? {} : { termMs }),
    ...(giveUpMs === undefined ? {} : { commandTimeoutMs: giveUpMs }),
  });
}

async function up(client: Redis | Cluster): Promise<void> {
  // With `lazyConnect` it waits for somebody to tell it; why that fails, `usable` says.
  if (client.status === "wait") client.connect().catch(() => undefined);
  await usable(client, PATIENCE_MS);
}
