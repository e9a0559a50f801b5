/** What a lock gets to work with, by the system under test. */
import type { Redis, RedisOptions } from "ioredis";
import { connection, usable } from "../clients/connection.ts";
import { connectionOptions } from "../clients/profiles.ts";
import { MASTER_NAME, sentinelOptions } from "../clients/sentinel.ts";
import { optionReader } from "../options.ts";
import type { WorkerContext } from "../workload.ts";
import type { AdapterEnvironment } from "./adapter.ts";

const PATIENCE_MS = 10_000;

export interface OpenEnvironment {
  readonly environment: AdapterEnvironment;
  /** Resolves when every connection that was asked for is up. @throws what the last attempt of one met. */
  connected(): Promise<void>;
}

export function openEnvironment(context: WorkerContext): OpenEnvironment {
  const options = optionReader(context.options);
  // A user of the library sets nothing, so with the defaults nothing is set here.
  const base =
    context.profile === "app" ? {} : connectionOptions(context.profile, options.number("commandTimeoutMs", 2_000));
  const sentinel = context.system === "sentinel";
  const endpoints = context.nodes
    .filter(({ kind }) => (kind === "sentinel") === sentinel)
    .map(({ proxied: { host, port } }) => ({ host, port }));
  const given: Redis[] = [];
  const redis = (i = 0, extra: RedisOptions = {}): Redis => {
    const endpoint = endpoints[i];
    if (endpoint === undefined) throw new RangeError(`there is no endpoint ${i}: this system has ${endpoints.length}`);
    const client = connection({ ...base, ...(sentinel ? sentinelOptions(context) : endpoint), ...extra });
    given.push(client);
    return client;
  };
  const environment: AdapterEnvironment = {
    endpoints,
    ...(sentinel ? { masterName: MASTER_NAME } : {}),
    clientId: context.worker,
    redis,
    random: context.random,
    ttlMs: options.number("ttlMs"),
    log: (text) => void process.stderr.write(`${text}\n`),
  };
  return {
    environment,
    connected: async () => {
      await Promise.all(given.map(up));
    },
  };
}

async function up(client: Redis): Promise<void> {
  // With `lazyConnect` it waits for somebody to tell it; why that fails, `usable` says.
  if (client.status === "wait") client.connect().catch(() => undefined);
  await usable(client, PATIENCE_MS);
}
