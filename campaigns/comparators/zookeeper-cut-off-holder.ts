import { campaign, hoped, promised } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { KLEPPMANN, ZOOKEEPER_SESSIONS } from "../declare/sources.ts";
import { cutOffHolder } from "../declare/cut-off-holder.ts";

/** Of the session; it is seen to be over at the end of a tick. */
const TTL_MS = 2_000;
const SILENT_MS = 3_600;

export const zookeeperCutOffHolder = campaign({
  name: "zookeeper-cut-off-holder",
  title: "A holder of a lock on ZooKeeper is cut off without a word",
  description:
    "The holder's connection falls silent. ZooKeeper ends its session and gives the lock to another client; the holder is told that the session has expired only when it reaches a server again.",
  suite: "nightly",
  system: { kind: "zookeeper", options: { nodes: 3 } },
  workload: "lock",
  options: { lock: "node-zookeeper-client@1.1.3", ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  loadMs: 6_500,
  faults: cutOffHolder(SILENT_MS),
  claims: [
    hoped(
      "belief",
      "The holder is told that its session has expired before another client has the lock.",
      ZOOKEEPER_SESSIONS,
      "lock-overlap",
      { level: "belief" },
    ),
    promised(
      "resource",
      "The transaction's id as a fencing token keeps former holders from writing to the resource.",
      KLEPPMANN,
      "lock-resource",
    ),
    promised("token-order", "A later grant has a higher transaction id.", KLEPPMANN, "lock-token-order"),
  ],
});
