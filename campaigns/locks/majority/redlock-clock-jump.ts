import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign, hoped } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { KLEPPMANN } from "../../declare/sources.ts";
import { progressWithMajority } from "../words/levels.ts";

const TTL_MS = 2_500;

export const redlockClockJump = campaign({
  name: "redlock-clock-jump",
  title: "One server's clock jumps",
  description:
    "A client holds a Redlock on n1, n2 and n3 (n4 and n5 are cut off from it). The clock of n3 jumps by more than the time to live, and n3 forgets the lock: n3, n4 and n5 are a second majority.",
  suite: "standard",
  system: { kind: "independent", options: { nodes: 5 } },
  workload: "lock",
  options: { lock: "redlock", ttlMs: TTL_MS },
  workers: [...workers("client", 2), reader()],
  loadMs: 4_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "cut",
      kind: "link",
      options: { from: "w1", to: ["n4", "n5"], how: "hold" },
      start: { afterMs: random.integer(200, 500) },
    },
    {
      id: "jump",
      kind: "clock-jump",
      options: { target: "n3", offsetMs: TTL_MS + random.integer(500, 2_000) },
      // By then nothing that w1 got from n4 and n5 before the cut is left there.
      start: {
        after: { fault: "cut", stage: "active" },
        afterMs: TTL_MS,
        at: { worker: "w1", point: "critical-section", occurrence: 2, holdUntilHealed: "jump" },
      },
      end: { at: { worker: "w2", point: "critical-section" } },
    },
  ],
  claims: [
    hoped(
      "belief",
      "No two clients rightfully hold the lock at the same time, whatever the clocks do.",
      KLEPPMANN,
      "lock-overlap",
      { level: "belief" },
    ),
    progressWithMajority("w1", "cut"),
  ],
});
