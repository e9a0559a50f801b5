import { campaign, hoped, promised } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { ETCD3_LOST, KLEPPMANN } from "../declare/sources.ts";
import { cutOffHolder } from "../declare/cut-off-holder.ts";

const TTL_MS = 2_000;
/** The server ends the lease after its time to live; the library says so only after twice of it. */
const SILENT_MS = 3_600;

export const etcdCutOffHolder = campaign({
  name: "etcd-cut-off-holder",
  title: "A holder of a lock on etcd is cut off without a word",
  description:
    "The holder's connection falls silent. etcd ends its lease and gives the lock to another client, long before the holder's own library says that the lease is lost.",
  suite: "nightly",
  system: { kind: "etcd", options: {} },
  workload: "lock",
  options: { lock: "etcd3@1.1.2", ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  loadMs: 6_500,
  faults: cutOffHolder(SILENT_MS),
  claims: [
    hoped(
      "belief",
      "The holder's library says that the lock is lost before another client has it.",
      ETCD3_LOST,
      "lock-overlap",
      { level: "belief" },
    ),
    promised(
      "resource",
      "The revision as a fencing token keeps former holders from writing to the resource.",
      KLEPPMANN,
      "lock-resource",
    ),
    promised("token-order", "A later grant has a higher revision.", KLEPPMANN, "lock-token-order"),
  ],
});
