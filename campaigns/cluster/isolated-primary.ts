import type { DeclaredFault } from "../declare/declare.ts";
import { CLUSTER_DEFAULTS } from "../../systems/cluster.ts";
import { campaign, hoped, promised } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { CLUSTER_PAGE } from "../declare/sources.ts";

const { nodeTimeoutMs } = CLUSTER_DEFAULTS;
/** A peer's silence is noticed when a ping to it stays unanswered, and pings may be half a node timeout apart. */
const NOTICE_MS = nodeTimeoutMs / 2;
/** For the cluster's own timer and for a machine that is busy. */
const GRACE_MS = 1_000;
/** Hash slots 0 to 5460: the first primary's. Its two clients on the minority's side have nothing else to write. */
const ISOLATED_SETS = ["set:{a0}", "set:{a4}", "set:{a8}"];
const SETS = ["set:a", "set:b", "set:c", "set:d", "set:e", "set:f", ...ISOLATED_SETS];

export const clusterIsolatedPrimary = campaign({
  name: "cluster-isolated-primary",
  title: "A primary of a Cluster is cut off with its clients",
  description:
    "One primary and two clients are cut off from the rest of the Cluster. The primary goes on acknowledging writes until the node timeout tells it that it is alone; its replica is promoted; those writes are gone.",
  suite: "standard",
  system: { kind: "cluster", options: {} },
  workload: "set",
  options: { keys: SETS },
  workers: [
    ...workers("adder", 2, 1, { keys: ISOLATED_SETS }),
    ...workers("adder", 2, 3),
    reader("reader", "reader", { keys: SETS }),
  ],
  loadMs: 9_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "partition",
      kind: "partition",
      options: { shape: "isolate-primary", with: ["w1", "w2"], how: "hold" },
      start: { afterMs: random.integer(800, 1_200) },
      end: { afterMs: random.integer(5_500, 6_000) },
    },
  ],
  claims: [
    hoped("acknowledged-writes", "A write that was acknowledged survives the failover.", CLUSTER_PAGE, "set-survival", {
      property: "acknowledged-survive",
    }),
    promised("refused-writes", "A write that was refused is not there.", CLUSTER_PAGE, "set-survival", {
      property: "refused-absent",
    }),
    promised(
      "stops-accepting",
      `A primary on the minority's side stops accepting writes after the node timeout (${nodeTimeoutMs} ms, ${NOTICE_MS} ms until the silence is noticed, ${GRACE_MS} ms of grace).`,
      CLUSTER_PAGE,
      "stops-accepting",
      { fault: "partition", afterMs: nodeTimeoutMs + NOTICE_MS + GRACE_MS, f: ["add"] },
    ),
  ],
});
