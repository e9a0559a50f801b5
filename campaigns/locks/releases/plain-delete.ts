import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign, hoped } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { grant } from "../words/levels.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";

const TTL_MS = 1_500;

export const lockPlainDelete = campaign({
  name: "lock-plain-delete",
  title: "A late release that deletes whatever is there",
  description:
    "A client's release (a plain DEL) is held up in the network until its lock has expired and another client has got it: the release frees the other's lock.",
  suite: "quick",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { lock: "plain-delete", ttlMs: TTL_MS, commandTimeoutMs: 15_000 },
  workers: [...workers("client", 3), reader()],
  loadMs: 4_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "late-release",
      kind: "link",
      options: { from: "w1", to: "n1", how: "hold", direction: "forth" },
      start: { at: { worker: "w1", point: "before-release", occurrence: random.integer(2, 5) } },
      // Time for a third client to find the lock free while w2 still holds it.
      end: { at: { worker: "w2", point: "critical-section", holdMs: 700 } },
    },
  ],
  claims: [
    hoped("release", "A release never frees another client's lock.", LOCK_PAGE, "lock-release"),
    grant({ standing: "hoped", expect: "broken", source: LOCK_PAGE }, { fromFault: "late-release" }),
  ],
});
