import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign, promised } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";

const TTL_MS = 1_000;
const RETRY_MS = 40;
/** For the commands themselves, and for a machine that is busy. */
const GRACE_MS = 2_000;

export const lockSimpleCrashedHolder = campaign({
  name: "lock-simple-crashed-holder",
  title: "The holder of a simple lock is killed",
  description:
    "Two clients are killed while they hold the lock. It frees itself by its time to live, and the others go on.",
  suite: "quick",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: TTL_MS, retryMs: RETRY_MS },
  workers: [...workers("client", 4), reader()],
  loadMs: 5_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "crash",
      kind: "kill",
      options: { target: "w1" },
      start: { at: { worker: "w1", point: "critical-section", occurrence: random.integer(2, 6) } },
    },
    {
      id: "second-crash",
      kind: "kill",
      options: { target: "w2" },
      start: {
        after: { fault: "crash", stage: "active" },
        at: { worker: "w2", point: "critical-section", occurrence: random.integer(2, 6) },
      },
    },
  ],
  claims: [
    promised(
      "progress",
      `After a holder's crash the next client gets the lock within the time to live and one retry (${TTL_MS} + ${RETRY_MS} ms, and ${GRACE_MS} ms of grace).`,
      LOCK_PAGE,
      "lock-progress",
      { boundMs: TTL_MS + RETRY_MS + GRACE_MS, afterFault: "crash" },
    ),
    promised("belief", "No two clients rightfully hold the lock at the same time.", LOCK_PAGE, "lock-overlap", {
      level: "belief",
    }),
  ],
});
