/**
 * etcd (https://etcd.io/docs/v3.4/op-guide/configuration/): its configuration is YAML, and its `bus` is the port at
 * which the other members reach it.
 */
import type { ServerKind } from "./server-kind.ts";

export const etcd: ServerKind = {
  protocol: "etcd",
  configName: "etcd.yaml",
  configuration: (dataFolder, name) => [
    `name: ${name}`,
    `data-dir: ${JSON.stringify(dataFolder)}`,
    "listen-client-urls: http://{host}:{port}",
    "advertise-client-urls: http://{host}:{port}",
    "listen-peer-urls: http://{host}:{bus-port}",
    "initial-advertise-peer-urls: http://{host}:{bus-port}",
    // With a configuration file it is off unless said otherwise.
    "enable-grpc-gateway: true",
  ],
  args: (configFile) => ["--config-file", configFile],
  shimUseless: "etcd is written in Go, which makes its system calls by itself",
};
