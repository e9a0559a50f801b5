import type { FaultPlan, Moment } from "../../history/plan.ts";
import { campaign, promised, reader, workers } from "../declare.ts";
import { ANTIREZ } from "../sources.ts";
import { MAJORITY } from "./settings.ts";

const TTL_MS = 1_500;
/** Time for the former holder's write to arrive before anything else does. */
const STAY_MS = 800;

function pauseUntil(id: string, next: "granted" | "critical-section", occurrence: number, after?: Moment): FaultPlan {
  return {
    id,
    kind: "pause",
    options: { target: "w1" },
    start: { ...after, at: { worker: "w1", point: "critical-section", occurrence } },
    end: { afterMs: TTL_MS, at: { worker: "w2", point: next, holdMs: STAY_MS } },
  };
}

/** Unique values instead of rising tokens: the same pause without them is `redlock-paused-holder`. */
export const redlockComparedWrites = campaign({
  name: "redlock-compared-writes",
  title: "A resource that compares unique values",
  description:
    "The resource accepts a write only of the grant that has read last. The holder is stopped for longer than its lock lives, between its read and its write: once until the next holder has read, so that its write has to be refused, and once until the next holder has the lock and has not read yet, so that its write comes before all of the other's.",
  suite: "nightly",
  system: MAJORITY.system,
  workload: "lock",
  options: { lock: MAJORITY.lock, ttlMs: TTL_MS, compares: true },
  workers: [...workers("client", 2), reader()],
  loadMs: 7_000,
  faults: (random) => [
    pauseUntil("after-its-read", "critical-section", random.integer(2, 5)),
    pauseUntil("before-its-read", "granted", random.integer(2, 5), {
      after: { fault: "after-its-read", stage: "healed" },
    }),
  ],
  claims: [
    promised(
      "resource",
      "A value that is unique, and that the resource compares, keeps writes apart; no order of the values is needed for that.",
      ANTIREZ,
      "lock-resource",
    ),
  ],
});
