/** Redis and Valkey: servers and sentinels are the same program. */
import type { ServerKind } from "./server-kind.ts";

function configuration(dataFolder: string): readonly string[] {
  return [
    "port {port}",
    "bind {host}",
    `dir ${JSON.stringify(dataFolder)}`,
    "daemonize no",
    'logfile ""',
    // The title would overwrite the environment that marks the process as ours.
    "set-proc-title no",
  ];
}

export const redis: ServerKind = {
  protocol: "redis",
  configName: "redis.conf",
  configuration,
  args: (configFile) => [configFile],
};

export const sentinel: ServerKind = {
  protocol: "redis",
  configName: "sentinel.conf",
  configuration,
  args: (configFile) => [configFile, "--sentinel"],
};
