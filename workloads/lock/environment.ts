/** What a lock gets to work with, by the system under test. */
import type { Redis, RedisOptions } from "ioredis";
import { connected } from "../clients/connection.ts";
import { connectionOptions } from "../clients/profiles.ts";
import { sentinelOptions } from "../clients/sentinel.ts";
import { optionReader } from "../options.ts";
import type { WorkerContext } from "../workload.ts";
import type { LockEnvironment } from "./lock.ts";

export async function lockEnvironment(context: WorkerContext): Promise<LockEnvironment> {
  const timeoutMs = optionReader(context.options).number("commandTimeoutMs", 2_000);
  const base = connectionOptions(context.profile, timeoutMs);
  const servers = context.nodes.filter((node) => node.kind === "redis");
  const redis = (i = 0, extra: RedisOptions = {}): Promise<Redis> => {
    if (context.system === "sentinel") return connected({ ...base, ...sentinelOptions(context), ...extra });
    const node = servers[i];
    if (node === undefined) throw new RangeError(`there is no server ${i}: this system has ${servers.length}`);
    return connected({ ...base, ...node.proxied, ...extra });
  };
  return Promise.resolve({
    servers: context.system === "sentinel" ? 1 : servers.length,
    redis,
    clientId: context.worker,
    random: context.random,
  });
}
