import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign, hoped } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { progress } from "../words/levels.ts";
import { forBoth } from "../words/settings.ts";

const TTL_MS = 1_200;
/** In all of it the holder does nothing, and the others wait: hardly anything is to be done on the servers. */
const HOLD_MS = 600;
const PROGRESS_BOUND_MS = TTL_MS + 1_500;
/**
 * The references asked for at most 84 a second. A library that never pauses asked for 307 to 1,061 in nine of ten runs
 * with three side by side, and for 293 in the tenth: how many depends on the processor's time that it gets.
 */
const MAX_PER_SECOND = 300;

export const [lockHousekeeping, redlockHousekeeping] = forBoth(({ prefix, system, lock, aLock }) =>
  campaign({
    name: `${prefix}-housekeeping`,
    title: `What ${aLock} leaves behind, and asks of the servers`,
    description:
      "Clients take their time with the lock, and one of them is killed while it holds it. When all is over nothing of any lock may be left on the servers, and they had no more to do than a few clients ask for that try again and again.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { lock, ttlMs: TTL_MS, thinkAtLeastMs: HOLD_MS, thinkMs: HOLD_MS, idleMs: 400, survey: true },
    workers: [...workers("client", 3), reader()],
    loadMs: 4_000,
    // So long that every time to live is over.
    settleMs: TTL_MS + 500,
    faults: (random): readonly DeclaredFault[] => [
      {
        id: "crash",
        kind: "kill",
        options: { target: "w1" },
        start: { at: { worker: "w1", point: "critical-section", occurrence: random.integer(1, 2) } },
        // The others go on for so long.
        end: { afterMs: TTL_MS + 1_000 },
      },
    ],
    claims: [
      progress({ standing: "promised", expect: "holds", source: LOCK_PAGE }, PROGRESS_BOUND_MS, {
        afterFault: "crash",
      }),
      {
        ...hoped("leftovers", "Nothing is left of a lock when its time to live is over.", LOCK_PAGE, "lock-leftovers"),
        expect: "holds",
      },
      {
        ...hoped(
          "load",
          `No server has more than ${MAX_PER_SECOND} commands a second to do for three clients.`,
          LOCK_PAGE,
          "lock-load",
          { maxPerSecond: MAX_PER_SECOND },
        ),
        expect: "holds",
      },
    ],
  }),
);
