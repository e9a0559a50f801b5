import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { REDIS_SEMAPHORE_SPURIOUS_LOSS } from "../../declare/sources.ts";
import { belief, falseLoss, OF_WATCHDOGS } from "../words/levels.ts";

/** Long, so that a busy machine may take 2 s to hold the replies up, and the lock still lives when it is released. */
const TTL_MS = 12_000;
/** Libraries refresh after 0.8 of the time to live at the latest: by then the first refresh is on its way. */
const WORK_MS = 0.81 * TTL_MS;
/** For the release to be carried out before any reply comes. */
const REPLIES_LATE_MS = 300;

export const lockReleaseInRefresh = campaign({
  name: "lock-release-in-refresh",
  title: "A lock is released while it is being refreshed",
  description:
    "A holder's library has sent the first refresh of the run, whose script the server does not know yet, and the replies are late: its client releases the lock meanwhile. When the refresh is sent anew nothing is there any more, because its own client has given it back.",
  suite: "nightly",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { lock: "watched", ttlMs: TTL_MS, commandTimeoutMs: 20_000 },
  workers: [
    ...workers("client", 1, 1, { thinkAtLeastMs: WORK_MS, thinkMs: WORK_MS }),
    ...workers("client", 1, 2),
    reader(),
  ],
  loadMs: 14_000,
  faults: (random): readonly DeclaredFault[] => [
    // The server knows the script of a release before the first refresh.
    {
      id: "others-first",
      kind: "pause",
      options: { target: "w1" },
      start: { at: { worker: "w1", point: "before-acquire" } },
      end: { on: { event: "release", worker: "w2", occurrence: random.integer(1, 5) } },
    },
    {
      id: "replies-late",
      kind: "link",
      options: { from: "w1", to: "n1", how: "hold", direction: "back" },
      // The first time: until then it is stopped before it asks.
      start: { at: { worker: "w1", point: "thinking" } },
      end: { on: { event: "release", type: "invoke", worker: "w1" }, afterMs: REPLIES_LATE_MS },
    },
  ],
  claims: [
    falseLoss({ standing: "promised", expect: "holds", source: REDIS_SEMAPHORE_SPURIOUS_LOSS }, OF_WATCHDOGS),
    belief({ standing: "promised", expect: "holds", source: REDIS_SEMAPHORE_SPURIOUS_LOSS }, OF_WATCHDOGS),
  ],
});
