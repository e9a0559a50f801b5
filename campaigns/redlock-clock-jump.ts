import { campaign, hoped, reader, workers } from "./declare.ts";
import { KLEPPMANN } from "./sources.ts";

const TTL_MS = 5_000;

export const redlockClockJump = campaign({
  name: "redlock-clock-jump",
  title: "One server's clock jumps",
  description:
    "A client holds a Redlock on n1, n2 and n3 (n4 and n5 are cut off from it). The clock of n3 jumps by more than the time to live, and n3 forgets the lock: n3, n4 and n5 are a second majority.",
  suite: "standard",
  needsShim: true,
  system: { kind: "independent", options: { nodes: 5 } },
  workload: "lock",
  options: { lock: "redlock", ttlMs: TTL_MS },
  workers: [...workers("client", 2), reader()],
  loadMs: 3_500,
  faults: (random) => [
    { id: "cut", kind: "link", options: { from: "w1", to: ["n4", "n5"], how: "hold" }, start: { afterMs: random.integer(200, 500) } },
    {
      id: "jump",
      kind: "clock-jump",
      options: { target: "n3", offsetMs: TTL_MS + random.integer(500, 2_000) },
      // The second time: the first may be with a lock from before the cut.
      start: { after: { fault: "cut", stage: "active" }, at: { worker: "w1", point: "critical-section", occurrence: 2, holdUntilHealed: "jump" } },
      end: { at: { worker: "w2", point: "critical-section" } },
    },
  ],
  claims: [
    hoped("mutual-exclusion", "No two clients rightfully hold the lock at the same time, whatever the clocks do.", KLEPPMANN, "lock-overlap", { level: "belief" }),
  ],
});
