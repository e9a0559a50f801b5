import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign, hoped, promised } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { KLEPPMANN, LOCK_PAGE } from "../../declare/sources.ts";
import { progressWithMajority } from "../words/levels.ts";
import { MAJORITY } from "../words/settings.ts";

/**
 * Long against what a container takes to be killed, to start again and to be connected to, on a machine that is busy
 * with other work.
 */
const TTL_MS = 3_500;
/** So long the holder does nothing while its rival tries; it must still hold then. */
const HOLD_MS = 2_800;
/** What the documentation asks for: somewhat more than the time to live. */
const DELAY_MS = TTL_MS + 500;
/** Whoever starts the server again looks at its own clock to see when. */
const OPERATOR = "operator";

export const redlockEarlyRestart = campaign({
  name: "redlock-early-restart",
  title: "The clock that measures a delayed restart jumps",
  description:
    "A client holds a Redlock on n1 and n2 (n3 is cut off from it). n2 is killed, and started again without its data when more than the time to live is over by the operator's clock. First this clock jumps ahead meanwhile: n2 is back at once, and a second majority forms. Then it goes as it should, and none does.",
  suite: "nightly",
  system: MAJORITY.system,
  workload: "lock",
  options: { lock: MAJORITY.lock, ttlMs: TTL_MS },
  workers: [...workers("client", 2), reader(), reader("reader", OPERATOR)],
  loadMs: 6_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "cut",
      kind: "link",
      options: { from: "w1", to: "n3", how: "hold" },
      start: { afterMs: random.integer(200, 500) },
    },
    {
      id: "early-restart",
      kind: "kill",
      options: { target: "n2", keepData: false },
      // By then nothing that w1 got from n3 before the cut is left there.
      start: {
        after: { fault: "cut", stage: "active" },
        afterMs: TTL_MS,
        at: { worker: "w1", point: "critical-section", occurrence: 2, holdMs: HOLD_MS },
      },
      end: { on: { clock: OPERATOR, passesMs: DELAY_MS } },
    },
    {
      id: "jump",
      kind: "clock-jump",
      options: { target: OPERATOR, offsetMs: DELAY_MS + random.integer(500, 2_000) },
      // By the same clock, so that the delay has certainly begun.
      start: { after: { fault: "early-restart", stage: "active" }, on: { clock: OPERATOR, passesMs: 20 } },
      end: { after: { fault: "early-restart", stage: "healed" } },
    },
    {
      id: "delayed-restart",
      kind: "kill",
      options: { target: "n2", keepData: false },
      start: {
        after: { fault: "jump", stage: "healed" },
        afterMs: TTL_MS,
        at: { worker: "w1", point: "critical-section", occurrence: 2, holdMs: 1_200 },
      },
      end: { on: { clock: OPERATOR, passesMs: DELAY_MS } },
    },
  ],
  claims: [
    hoped(
      "belief",
      "No two clients rightfully hold the lock at the same time, also when the clock is wrong by which a restart is delayed.",
      KLEPPMANN,
      "lock-overlap",
      { level: "belief" },
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
