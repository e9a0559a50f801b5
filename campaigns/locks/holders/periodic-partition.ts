import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { progress } from "../words/levels.ts";
import { forBoth, IDLE_MS } from "../words/settings.ts";

const TTL_MS = 1_200;
const BOUND_MS = TTL_MS + 1_000;
const TIMES = 3;

export const [lockPeriodicPartition, redlockPeriodicPartition] = forBoth(({ prefix, system, lock, aLock }) =>
  campaign({
    name: `${prefix}-periodic-partition`,
    title: `One holder of ${aLock} after the other is cut off`,
    description:
      "The holder of the lock is cut off, three times, each time for much longer than the lock lives. What it costs the others is one time to live for each partition, and no more.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { lock, ttlMs: TTL_MS, commandTimeoutMs: 10_000, idleMs: IDLE_MS },
    workers: [...workers("client", 4), reader()],
    loadMs: 10_000,
    faults: (random) =>
      Array.from({ length: TIMES }, (_, i): DeclaredFault => ({
        id: `cut-${i + 1}`,
        kind: "link",
        options: { from: `w${i + 1}`, to: "servers", how: "hold" },
        start: {
          ...(i === 0 ? {} : { after: { fault: `cut-${i}`, stage: "healed" } }),
          at: { worker: `w${i + 1}`, point: "granted", occurrence: random.integer(1, 3) },
        },
        // Longer than the bound: a lock that only the holder's release makes free, when it is heard again, is too late.
        end: { afterMs: BOUND_MS + random.integer(800, 1_200) },
      })),
    claims: [
      progress({ standing: "promised", expect: "holds", source: LOCK_PAGE }, BOUND_MS, {
        afterFault: "cut-1",
        untilRelease: "sent",
      }),
    ],
  }),
);
