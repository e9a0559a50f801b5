import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign, hoped } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { EXPIRE_PAGE } from "../../declare/sources.ts";

/** Long against a failover. */
const TTL_MS = 8_000;

export const lockReplicaClock = campaign({
  name: "lock-replica-clock",
  title: "The promoted replica's clock is ahead",
  description:
    "A replica has acknowledged the lock when its primary is killed, and is promoted, but its clock is ahead by more than the time to live. A key expires at a moment of the wall clock, and for this replica the moment is over.",
  suite: "nightly",
  system: { kind: "sentinel", options: {} },
  workload: "lock",
  // With a lock that nobody has to acknowledge, what is lost may have been lost on its way to the replica.
  options: { lock: "fenced-acknowledged", ttlMs: TTL_MS, commandTimeoutMs: 2_000 },
  workers: [...workers("client", 3), reader()],
  loadMs: 7_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "preferred",
      kind: "command",
      options: {
        target: "n2",
        command: ["CONFIG", "SET", "replica-priority", "1"],
        undo: ["CONFIG", "SET", "replica-priority", "100"],
        expect: "OK",
      },
      start: { afterMs: random.integer(100, 200) },
    },
    {
      // From then on n2 alone can acknowledge, and nobody has more of the data: Sentinel promotes it for both reasons.
      id: "replication-stalls",
      kind: "link",
      options: { from: "n1", to: "n3", how: "hold", direction: "forth" },
      start: { after: { fault: "preferred", stage: "active" } },
    },
    {
      id: "ahead",
      kind: "clock-jump",
      options: { target: "n2", offsetMs: TTL_MS + random.integer(1_000, 3_000) },
      start: { after: { fault: "replication-stalls", stage: "active" } },
    },
    {
      id: "crash",
      kind: "kill",
      options: { target: "n1", keepData: false },
      start: {
        after: { fault: "ahead", stage: "active" },
        // The first one may have been granted before replication stalled.
        at: { worker: "w1", point: "critical-section", occurrence: random.integer(2, 5), holdUntilHealed: "crash" },
      },
      end: { at: { worker: "w2", point: "critical-section" } },
    },
  ],
  claims: [
    hoped(
      "belief",
      "No two clients rightfully hold the lock at the same time, whatever the clock of the server that is promoted.",
      EXPIRE_PAGE,
      "lock-overlap",
      { level: "belief", fromFault: "crash" },
    ),
  ],
});
