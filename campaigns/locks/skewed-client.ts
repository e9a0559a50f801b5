import { LOCK_PAGE } from "../sources.ts";
import { lanesCampaign } from "./lanes.ts";

const TTL_MS = 2_500;

export const lockSkewedClient = lanesCampaign({
  name: "lock-skewed-client",
  title: "A client whose clock is ahead",
  description:
    "The clock of a waiting client jumps by more than the time to live while another one holds the lock. Who holds it must not depend on it.",
  suite: "standard",
  othersIn: "lock-client-clock",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { ttlMs: TTL_MS },
  locks: [{ lock: "simple" }, { lock: "client-clock" }],
  loadMs: 3_000,
  faults: ({ clients: [first, second], fault }, random) => [
    {
      id: fault("jump"),
      kind: "clock-jump",
      options: { target: second, offsetMs: TTL_MS + random.integer(1_000, 3_000) },
      start: { at: { worker: first, point: "critical-section", occurrence: random.integer(2, 5), holdMs: 700 } },
      end: { afterMs: 1_500 },
    },
  ],
  claims: () => [
    {
      id: "mutual-exclusion",
      statement: "No two clients rightfully hold the lock at the same time, whatever their own clocks show.",
      source: LOCK_PAGE,
      checker: "lock-overlap",
      options: { level: "belief" },
      brokenBy: ["client-clock"],
    },
  ],
});
