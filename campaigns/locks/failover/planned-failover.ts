import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { SENTINEL_FAILOVER_LOSES } from "../../declare/sources.ts";
import { belief } from "../words/levels.ts";

const TTL_MS = 4_000;
/**
 * What the new primary still had of the locks of before is over so long before those that the former one granted since.
 */
const AHEAD_MS = 1_200;
const STAY_MS = TTL_MS - 200;

export const lockOnPlannedFailover = campaign({
  name: "lock-on-planned-failover",
  title: "A planned failover under a lock",
  description:
    "An operator tells a sentinel to fail over although nothing is wrong. For seconds the former primary goes on granting locks to clients that are connected to it, and the new one never hears of them; then their connections end, and they go to the new one.",
  suite: "nightly",
  system: { kind: "sentinel", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: TTL_MS, commandTimeoutMs: 1_000, thinkAtLeastMs: 100, thinkMs: 300 },
  workers: [...workers("client", 4), reader()],
  loadMs: 12_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "failover",
      kind: "sentinel-failover",
      options: {},
      start: { afterMs: random.integer(800, 1_200) },
      end: { afterMs: 0 },
    },
    {
      id: "reconnect",
      kind: "client-kill",
      options: { target: "n1", type: "normal" },
      start: {
        after: { fault: "failover", stage: "active" },
        afterMs: AHEAD_MS,
        at: { worker: "w1", point: "critical-section", holdMs: STAY_MS },
      },
      end: { afterMs: 0 },
    },
  ],
  claims: [belief({ standing: "hoped", expect: "broken", source: SENTINEL_FAILOVER_LOSES }, { fromFault: "failover" })],
});
