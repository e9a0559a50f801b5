import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign, hoped, promised } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { progressWithMajority } from "../words/levels.ts";

/**
 * Long against what a container takes to be killed, to start again and to be connected to, on a machine that is busy
 * with other work.
 */
const TTL_MS = 3_500;
/** So long the holder does nothing while its rivals try; it must still hold then. */
const HOLD_MS = 2_800;

export const redlockAmnesia = campaign({
  name: "redlock-amnesia",
  title: "A server restarts and has forgotten the lock",
  description:
    "A client holds a Redlock on n1, n2 and n3 (n4 and n5 are cut off from it). n3 is killed and restarts without its data: at once, and a second majority forms; later only after the time to live, which is what the documentation asks for, and none does.",
  suite: "standard",
  system: { kind: "independent", options: { nodes: 5 } },
  workload: "lock",
  options: { lock: "redlock", ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  loadMs: 4_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "cut",
      kind: "link",
      options: { from: "w1", to: ["n4", "n5"], how: "hold" },
      start: { afterMs: random.integer(200, 500) },
    },
    {
      id: "amnesia",
      kind: "kill",
      options: { target: "n3", keepData: false },
      // By then nothing that w1 got from n4 and n5 before the cut is left there.
      start: {
        after: { fault: "cut", stage: "active" },
        afterMs: TTL_MS,
        at: { worker: "w1", point: "critical-section", occurrence: 2, holdMs: HOLD_MS },
      },
      end: { afterMs: 0 },
    },
    {
      id: "delayed-restart",
      kind: "kill",
      options: { target: "n3", keepData: false },
      start: {
        after: { fault: "amnesia", stage: "healed" },
        afterMs: TTL_MS,
        at: { worker: "w1", point: "critical-section", occurrence: 2, holdMs: 1_200 },
      },
      end: { afterMs: TTL_MS + 500 },
    },
  ],
  claims: [
    hoped(
      "belief",
      "No two clients rightfully hold the lock at the same time, also when a server restarts without its data.",
      LOCK_PAGE,
      "lock-overlap",
      {
        level: "belief",
      },
    ),
    promised(
      "delayed-restart",
      "A server that stays away for longer than the time to live before it comes back without its data does no harm.",
      LOCK_PAGE,
      "lock-overlap",
      { level: "belief", fromFault: "delayed-restart" },
    ),
    progressWithMajority("w1", "cut"),
  ],
});
