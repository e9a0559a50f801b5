import type { DeclaredFault } from "../declare/declare.ts";
import { DOWN_AFTER_STEP_MS, SENTINEL_DEFAULTS } from "../../systems/sentinel.ts";
import { campaign, hoped, promised } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { REPLICATION_PAGE, SENTINEL_PAGE } from "../declare/sources.ts";

const { failoverTimeoutMs } = SENTINEL_DEFAULTS;
/** When a majority of the sentinels takes the primary for down. */
const downAfterMs = SENTINEL_DEFAULTS.downAfterMs + DOWN_AFTER_STEP_MS;
/** For a client to notice, ask the sentinels and connect again, and for a machine that is busy. */
const RECONNECT_MS = 3_500;
const SETS = ["set:a", "set:b", "set:c"];
const REGISTERS = ["register:w2", "register:w4"];

export const sentinelSplitBrain = campaign({
  name: "sentinel-split-brain",
  title: "Sentinel's split brain",
  description:
    "The primary and two clients are cut off from everybody else. The sentinels promote a replica; for its two clients the old primary goes on as if nothing had happened. When the partition heals, what it acknowledged meanwhile is thrown away.",
  suite: "standard",
  system: { kind: "sentinel", options: {} },
  workload: "set",
  options: { keys: SETS, allKeys: REGISTERS },
  workers: [
    ...workers("adder", 1, 1),
    ...workers("register:client", 1, 2, { keys: ["register:w2"] }),
    ...workers("adder", 1, 3),
    ...workers("register:client", 1, 4, { keys: ["register:w4"] }),
    reader("reader", "reader", { allKeys: SETS }),
    reader("register:reader", "register-reader"),
  ],
  loadMs: 13_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "partition",
      kind: "partition",
      options: { shape: "isolate-primary", with: ["w1", "w2"], how: "hold" },
      start: { afterMs: random.integer(800, 1_200) },
      // Longer than the promise allows: without a failover there is no service until then.
      end: { afterMs: random.integer(9_000, 9_500) },
    },
  ],
  claims: [
    hoped(
      "acknowledged-writes",
      "A write that was acknowledged survives the failover.",
      REPLICATION_PAGE,
      "set-survival",
      {
        property: "acknowledged-survive",
      },
    ),
    hoped(
      "fresh-reads",
      "No read returns less than what was acknowledged before it began.",
      REPLICATION_PAGE,
      "register-survival",
      { property: "no-stale-read" },
    ),
    hoped(
      "linearizable",
      "All reads and writes of a register could have happened one after the other, on one server.",
      REPLICATION_PAGE,
      "linearizable",
      { model: "register", byKey: true, keys: REGISTERS },
    ),
    promised("refused-writes", "A write that was refused is not there.", SENTINEL_PAGE, "set-survival", {
      property: "refused-absent",
    }),
    promised(
      "service",
      `For the clients on the side of the majority service comes back within the configured failover time (${downAfterMs} + ${failoverTimeoutMs} ms, and ${RECONNECT_MS} ms to connect again).`,
      SENTINEL_PAGE,
      "availability",
      {
        f: ["add", "write"],
        workers: ["w3", "w4"],
        boundMs: downAfterMs + failoverTimeoutMs + RECONNECT_MS,
        afterFault: "partition",
      },
    ),
  ],
});
