/**
 * ZooKeeper (https://zookeeper.apache.org/doc/r3.8.0/zookeeperAdmin.html). A member of an ensemble is told its number
 * by a file in its data directory.
 */
import type { ServerKind } from "./server-kind.ts";

export const zookeeper: ServerKind = {
  protocol: "zookeeper",
  configName: "zookeeper.properties",
  configuration: (dataFolder) => [
    `dataDir=${dataFolder}`,
    "clientPort={port}",
    "clientPortAddress={host}",
    // It would listen on a port of its own.
    "admin.enableServer=false",
    "4lw.commands.whitelist=ruok,srvr",
  ],
  args: (configFile) => [configFile],
  firstFiles: (name) => ({ myid: name.replace(/^\D+/, "") }),
};
