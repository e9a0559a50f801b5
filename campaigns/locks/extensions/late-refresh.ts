import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { REDIS_SEMAPHORE_REACQUIRE } from "../../declare/sources.ts";
import { belief, OF_WATCHDOGS, resource } from "../words/levels.ts";
import { forBoth } from "../words/settings.ts";

const TTL_MS = 1_500;
/** Time for what was held up to be carried out before anybody else asks, and for its reply. */
const SETTLED_MS = 600;

export const [lockLateRefresh, redlockLateRefresh] = forBoth(({ prefix, system, watched, aLock }) =>
  campaign({
    name: `${prefix}-late-refresh`,
    title: `What keeps ${aLock} alive comes too late`,
    description:
      "Whatever the holder's library sends to keep its lock alive is held up. The lock expires, another client gets it, uses it and lets it go; then the holder is heard again. A lock that was lost must not come back as if nothing had been.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { lock: watched, ttlMs: TTL_MS, commandTimeoutMs: 10_000, thinkAtLeastMs: 400, thinkMs: 400 },
    // A library that asks again only now and then must find the lock free at some time.
    workers: [...workers("client", 1), ...workers("client", 1, 2, { idleMs: 800 }), reader()],
    loadMs: 5_000,
    faults: (random): readonly DeclaredFault[] => [
      {
        id: "late",
        kind: "link",
        options: { from: "w1", to: "servers", how: "hold", direction: "forth" },
        start: { at: { worker: "w1", point: "granted", occurrence: random.integer(1, 2), holdUntilHealed: "late" } },
        end: {
          on: { event: "release", worker: "w2" },
          at: { worker: "w2", point: "before-acquire", holdMs: SETTLED_MS },
        },
      },
    ],
    claims: [
      belief({ standing: "promised", expect: "holds", source: REDIS_SEMAPHORE_REACQUIRE }, OF_WATCHDOGS),
      resource({ standing: "hoped", expect: "holds", source: REDIS_SEMAPHORE_REACQUIRE }, OF_WATCHDOGS),
    ],
  }),
);
