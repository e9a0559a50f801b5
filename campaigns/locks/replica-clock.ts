import { campaign, hoped, reader, workers } from "../declare.ts";
import { EXPIRE_PAGE } from "../sources.ts";

/** Long against a failover. */
const TTL_MS = 8_000;

export const lockReplicaClock = campaign({
  name: "lock-replica-clock",
  title: "The promoted replica's clock is ahead",
  description:
    "The lock has been replicated when its primary is killed, but the replicas' clocks are ahead by more than the time to live. A key expires at a moment of the wall clock, and for the replica that is promoted this moment is over.",
  suite: "nightly",
  system: { kind: "sentinel", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: TTL_MS, commandTimeoutMs: 1_000 },
  workers: [...workers("client", 3), reader()],
  loadMs: 7_000,
  faults: (random) => {
    const offsetMs = TTL_MS + random.integer(1_000, 3_000);
    const ahead = (id: string, target: string, afterMs: number) => ({
      id,
      kind: "clock-jump",
      options: { target, offsetMs },
      start: { afterMs },
    });
    return [
      ahead("n2-ahead", "n2", random.integer(200, 400)),
      ahead("n3-ahead", "n3", random.integer(200, 400)),
      {
        id: "crash",
        kind: "kill",
        options: { target: "n1", keepData: false },
        start: {
          after: { fault: "n3-ahead", stage: "active" },
          afterMs: 300,
          at: { worker: "w1", point: "critical-section", occurrence: random.integer(2, 5), holdUntilHealed: "crash" },
        },
        end: { at: { worker: "w2", point: "critical-section" } },
      },
    ];
  },
  claims: [
    hoped(
      "mutual-exclusion",
      "No two clients rightfully hold the lock at the same time, whatever the clock of the server that is promoted.",
      EXPIRE_PAGE,
      "lock-overlap",
      { level: "belief", fromFault: "crash" },
    ),
  ],
});
