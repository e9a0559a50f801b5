import type { DeclaredFault } from "../declare/declare.ts";
import { campaign, promised } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { RESHARDING_PAGE, CLUSTER_PAGE } from "../declare/sources.ts";

/** All keys of one tag are in one slot; each of the two migrations takes half of the keys of one tag with it. */
const WHOLE = ["{a}:1", "{a}:2", "{a}:3", "{a}:4"];
const HALF = ["{b}:1", "{b}:2", "{b}:3", "{b}:4"];

export const clusterSlotMigration = campaign({
  name: "cluster-slot-migration",
  title: "Slots of a Cluster move to other primaries under load",
  description:
    "While clients write, one slot moves to another primary with its keys, and a second one stays between two primaries for a while, with half of its keys on either side. Clients that do not follow redirections are refused meanwhile; what was acknowledged must survive.",
  suite: "nightly",
  system: { kind: "cluster", options: {} },
  workload: "set",
  options: { keys: [...WHOLE, ...HALF] },
  workers: [...workers("adder", 4), reader()],
  loadMs: 5_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "whole",
      kind: "slot-migration",
      options: { key: "{a}" },
      start: { afterMs: random.integer(800, 1_200) },
      end: { afterMs: 500 },
    },
    {
      id: "half",
      kind: "slot-migration",
      options: { key: "{b}", stop: "half" },
      start: { after: { fault: "whole", stage: "healed" }, afterMs: random.integer(100, 300) },
      end: { afterMs: random.integer(1_000, 1_500) },
    },
  ],
  claims: [
    promised(
      "acknowledged-writes",
      "A write that was acknowledged survives the migration of its slot.",
      RESHARDING_PAGE,
      "set-survival",
      { property: "acknowledged-survive", minElements: 200 },
    ),
    promised("refused-writes", "A write that was refused or redirected is not there.", CLUSTER_PAGE, "set-survival", {
      property: "refused-absent",
    }),
  ],
});
