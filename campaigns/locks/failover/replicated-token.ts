import { KLEPPMANN } from "../../declare/sources.ts";
import { lanesCampaign } from "../words/lanes.ts";

const TTL_MS = 1_500;

export const lockReplicatedToken = lanesCampaign({
  name: "lock-replicated-token",
  title: "Fencing tokens across a failover",
  description:
    "Fencing tokens come from a counter on the primary of a Sentinel set, whose replication stalls before it is killed. The promoted replica has not heard of the last tokens: unless a replica had to acknowledge them, they are given again.",
  suite: "standard",
  system: { kind: "sentinel", options: {} },
  workload: "lock",
  options: { ttlMs: TTL_MS, commandTimeoutMs: 1_000 },
  locks: [{ lock: "fenced-acknowledged" }, { lock: "token-replicated" }],
  loadMs: 6_000,
  sharedFaults: (random) => [
    {
      id: "replication-stalls",
      kind: "link",
      options: { from: "primary", to: "replicas", how: "hold", direction: "forth" },
      start: { afterMs: random.integer(500, 800) },
    },
    {
      id: "crash",
      kind: "kill",
      options: { target: "primary", keepData: false },
      start: { after: { fault: "replication-stalls", stage: "active" }, afterMs: random.integer(300, 600) },
      // Time for grants by the promoted one.
      end: { on: { primary: "another" }, afterMs: 2_000 },
    },
  ],
  claims: () => [
    {
      id: "token-order",
      statement: "A later grant has a higher token.",
      source: KLEPPMANN,
      checker: "lock-token-order",
      options: {},
      brokenBy: ["token-replicated"],
      standing: "hoped",
    },
  ],
});
