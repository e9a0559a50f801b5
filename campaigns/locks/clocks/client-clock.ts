import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { REDIS_SEMAPHORE_CLOCKS } from "../../declare/sources.ts";
import { belief, grant, resource } from "../words/levels.ts";
import { forBoth } from "../words/settings.ts";

const TTL_MS = 6_000;
/**
 * Each holder stays for about as long as a watchdog takes to refresh its lock: some have heard of a loss before they
 * write, and others have not. For most of it another client's clock is wrong.
 */
const HOLD_AT_LEAST_MS = 1_000;
const HOLD_MS = 2_800;

export const [lockClientClock, redlockClientClock] = forBoth(({ prefix, system, lock, aLock }) =>
  campaign({
    name: `${prefix}-client-clock`,
    title: `A client of ${aLock} has its clock ahead`,
    description:
      "The wall clock of a client that wants the lock jumps ahead by more than the time to live while others hold it. Its own clock is nobody else's: it must not end their locks.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { lock, ttlMs: TTL_MS, thinkAtLeastMs: HOLD_AT_LEAST_MS, thinkMs: HOLD_MS },
    workers: [...workers("client", 3), ...workers("client", 1, 4, { thinkAtLeastMs: 0, thinkMs: 5 }), reader()],
    loadMs: 14_000,
    faults: (random): readonly DeclaredFault[] => [
      {
        id: "ahead",
        kind: "clock-jump",
        options: { target: "w4", offsetMs: TTL_MS + random.integer(1_000, 5_000) },
        start: { at: { worker: "w4", point: "before-acquire", occurrence: random.integer(1, 2) } },
        end: { afterMs: 3 * HOLD_MS },
      },
    ],
    // Nobody stays for longer than the lock lives, and nobody is stopped: no level has an excuse.
    claims: [grant, belief, resource].map((level) =>
      level({ standing: "promised", expect: "holds", source: REDIS_SEMAPHORE_CLOCKS }),
    ),
  }),
);
