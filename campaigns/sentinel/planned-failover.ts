import type { DeclaredFault } from "../declare/declare.ts";
import { campaign, hoped, promised } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { REPLICATION_PAGE, SENTINEL_PAGE } from "../declare/sources.ts";

export const sentinelPlannedFailover = campaign({
  name: "sentinel-planned-failover",
  title: "A planned failover of a healthy primary",
  description:
    "An operator tells a sentinel to fail over although nothing is wrong. A replica is promoted; for seconds the former primary goes on acknowledging writes of the clients that are connected to it, and throws them away when it is told that it is a replica.",
  suite: "nightly",
  system: { kind: "sentinel", options: {} },
  workload: "set",
  options: { keys: ["set:a", "set:b", "set:c"] },
  workers: [...workers("adder", 4), reader()],
  // A sentinel takes its time, about ten seconds, before it turns the former primary into a replica.
  loadMs: 12_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "failover",
      kind: "sentinel-failover",
      options: {},
      start: { afterMs: random.integer(1_000, 1_500) },
      // Healing awaits that there is one primary: the clients go on until then.
      end: { afterMs: 0 },
    },
  ],
  claims: [
    hoped(
      "acknowledged-writes",
      "A write that was acknowledged survives a planned failover.",
      REPLICATION_PAGE,
      "set-survival",
      {
        property: "acknowledged-survive",
      },
    ),
    promised("refused-writes", "A write that was refused is not there.", SENTINEL_PAGE, "set-survival", {
      property: "refused-absent",
    }),
  ],
});
