import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign, hoped } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";

const TTL_MS = 6_000;

export const lockOnSentinelFailover = campaign({
  name: "lock-on-sentinel-failover",
  title: "A lock on a replicated Redis",
  description:
    "A client takes the lock on the primary, which is killed before it has replicated the key. The promoted replica has never heard of the lock and grants it again.",
  suite: "standard",
  system: { kind: "sentinel", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: TTL_MS, commandTimeoutMs: 1_000 },
  workers: [...workers("client", 3), reader()],
  loadMs: 6_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "replication-stalls",
      kind: "link",
      options: { from: "primary", to: "replicas", how: "hold", direction: "forth" },
      start: { afterMs: random.integer(300, 600) },
    },
    {
      id: "crash",
      kind: "kill",
      options: { target: "primary", keepData: false },
      // By then every lock that the replicas have heard of is about to expire there, or has.
      start: {
        after: { fault: "replication-stalls", stage: "active" },
        afterMs: TTL_MS - 1_000,
        at: { worker: "w1", point: "critical-section", holdUntilHealed: "crash" },
      },
      end: { at: { worker: "w2", point: "critical-section" } },
    },
  ],
  claims: [
    hoped(
      "belief",
      "No two clients rightfully hold the lock at the same time, also across a failover.",
      LOCK_PAGE,
      "lock-overlap",
      { level: "belief" },
    ),
  ],
});
