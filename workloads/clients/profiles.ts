/**
 * The two ways in which a client library is configured, named in every result.
 * - `raw` measures Redis: no command is ever sent twice, none waits for a connection, none is retried.
 * - `app` measures what users run: the defaults of ioredis 6.
 */
import type { RedisOptions } from "ioredis";
import type { ClientProfile } from "../../history/plan.ts";

/**
 * How soon a raw client opens a new connection after it lost one, or looks again whether a server has loaded its data;
 * ioredis waits for a second at least. Only the connection is made again; no command is.
 */
const RAW_RECONNECT_MS = 50;

export function connectionOptions(profile: ClientProfile, commandTimeoutMs: number): RedisOptions {
  if (profile === "app") return { protocol: 3 };
  return {
    protocol: 3,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    reconnectOnError: null,
    retryStrategy: () => RAW_RECONNECT_MS,
    sentinelRetryStrategy: () => RAW_RECONNECT_MS,
    maxLoadingRetryTime: RAW_RECONNECT_MS,
    commandTimeout: commandTimeoutMs,
    connectTimeout: commandTimeoutMs,
    autoResubscribe: false,
  };
}
