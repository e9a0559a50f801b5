import { campaign, promised } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";

const TTL_MS = 2_000;
/**
 * Each direction; a round trip stays below a tenth of the time to live, and is never so short that a busy machine could
 * be as slow by itself.
 */
const LATENCY_MS = 60;
const JITTER_MS = 10;
const PROGRESS_BOUND_MS = 2 * TTL_MS;

export const redlockMinorityDown = campaign({
  name: "redlock-minority-down",
  title: "Redlock without two of its five servers",
  description:
    "Two of five servers are cut off without a word while the network to the others is slow. A majority is left, so the lock goes on and stays exclusive.",
  suite: "standard",
  system: { kind: "independent", options: { nodes: 5 } },
  workload: "lock",
  options: { lock: "redlock", ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  loadMs: 5_000,
  faults: (random) => {
    const first = random.integer(1, 4);
    const minority = [`n${first}`, `n${random.integer(first + 1, 5)}`];
    return [
      {
        id: "slow",
        kind: "link",
        options: { from: ["w1", "w2", "w3"], to: "nodes", how: "latency", latencyMs: LATENCY_MS, jitterMs: JITTER_MS },
        start: { afterMs: 300 },
      },
      {
        id: "minority-down",
        kind: "partition",
        options: { groups: [minority, ["rest"]], how: "hold" },
        start: { after: { fault: "slow", stage: "active" }, afterMs: random.integer(100, 400) },
        end: { afterMs: 3_000 },
      },
    ];
  },
  claims: [
    promised("belief", "No two clients rightfully hold the lock at the same time.", LOCK_PAGE, "lock-overlap", {
      level: "belief",
    }),
    promised(
      "progress",
      `With a majority of servers left, a waiting client gets the lock (within ${PROGRESS_BOUND_MS} ms).`,
      LOCK_PAGE,
      "lock-progress",
      { boundMs: PROGRESS_BOUND_MS, afterFault: "minority-down", despite: ["slow", "minority-down"] },
    ),
  ],
});
