/** What a lock gets to work with, by the system under test. */
import type { Redis, RedisOptions } from "ioredis";
import type { Random } from "../../history/random.ts";
import { connection, usable } from "../clients/connection.ts";
import { connectionOptions } from "../clients/profiles.ts";
import { MASTER_NAME, sentinelOptions } from "../clients/sentinel.ts";
import { optionReader } from "../options.ts";
import type { WorkerContext } from "../workload.ts";
import type { AdapterEnvironment, Endpoint } from "./adapter.ts";

const PATIENCE_MS = 10_000;

export interface EnvironmentParts {
  readonly endpoints: readonly Endpoint[];
  readonly masterName?: string;
  /** How redquake's own ioredis connects to the i-th endpoint, before what the adapter asks for. */
  readonly redisOptions: (i: number) => RedisOptions;
  readonly clientId: string;
  readonly random: Random;
  readonly ttlMs: number;
  readonly commandTimeoutMs?: number;
}

export interface OpenEnvironment {
  readonly environment: AdapterEnvironment;
  /** Resolves when every connection that was asked for is up. @throws what the last attempt of one met. */
  connected(): Promise<void>;
  /** Ends every connection that was asked for. */
  close(): void;
}

export function openEnvironment({ redisOptions, ...parts }: EnvironmentParts): OpenEnvironment {
  const given: Redis[] = [];
  const redis = (i = 0, extra: RedisOptions = {}): Redis => {
    if (parts.endpoints[i] === undefined)
      throw new RangeError(`there is no endpoint ${i}: this system has ${parts.endpoints.length}`);
    const client = connection({ ...redisOptions(i), ...extra });
    given.push(client);
    return client;
  };
  return {
    environment: { ...parts, redis, log: (text) => void process.stderr.write(`${text}\n`) },
    connected: async () => {
      await Promise.all(given.map(up));
    },
    close: () => {
      for (const client of given) client.disconnect();
    },
  };
}

/** The environment of a worker: its own proxies, or the sentinels. */
export function workerEnvironment(context: WorkerContext): OpenEnvironment {
  const options = optionReader(context.options);
  const giveUpMs = context.options["giveUpMs"] === undefined ? undefined : options.number("giveUpMs");
  // A user of the library sets nothing, so with the defaults nothing is set here, but for what the campaign is about.
  const base = {
    ...(context.profile === "app" ? {} : connectionOptions(context.profile, options.number("commandTimeoutMs", 2_000))),
    ...(giveUpMs === undefined ? {} : { commandTimeout: giveUpMs }),
  };
  const sentinel = context.system === "sentinel";
  const endpoints = context.nodes
    .filter(({ kind }) => (kind === "sentinel") === sentinel)
    .map(({ proxied: { host, port } }) => ({ host, port }));
  return openEnvironment({
    endpoints,
    ...(sentinel ? { masterName: MASTER_NAME } : {}),
    redisOptions: (i) => ({ ...base, ...(sentinel ? sentinelOptions(context) : endpoints[i]) }),
    clientId: context.worker,
    random: context.random,
    ttlMs: options.number("ttlMs"),
    ...(giveUpMs === undefined ? {} : { commandTimeoutMs: giveUpMs }),
  });
}

async function up(client: Redis): Promise<void> {
  // With `lazyConnect` it waits for somebody to tell it; why that fails, `usable` says.
  if (client.status === "wait") client.connect().catch(() => undefined);
  await usable(client, PATIENCE_MS);
}
