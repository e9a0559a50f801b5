import { campaign, hoped, promised } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { pausedHolder } from "../declare/paused-holder.ts";
import { KLEPPMANN } from "../declare/sources.ts";

/** Of the session; it is seen to be over at the end of a tick. */
const TTL_MS = 2_000;

export const zookeeperPausedHolder = campaign({
  name: "zookeeper-paused-holder",
  title: "A paused holder of a lock on ZooKeeper meets a fence",
  description:
    "The holder is stopped for longer than its session lives, after it made sure that it holds. ZooKeeper gives the lock to the next in the queue; but each grant has the id of a transaction, and the resource refuses older ones.",
  suite: "nightly",
  system: { kind: "zookeeper", options: {} },
  workload: "lock",
  options: { lock: "node-zookeeper-client@1.1.3", ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  loadMs: 5_000,
  faults: pausedHolder(TTL_MS),
  claims: [
    hoped("grant", "No two clients hold the lock at the same time.", KLEPPMANN, "lock-overlap", {
      level: "grant",
    }),
    promised(
      "resource",
      "The transaction's id as a fencing token keeps former holders from writing to the resource.",
      KLEPPMANN,
      "lock-resource",
    ),
    promised("token-order", "A later grant has a higher transaction id.", KLEPPMANN, "lock-token-order"),
  ],
});
