import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { KLEPPMANN, LOCK_PAGE } from "../../declare/sources.ts";
import { belief, grant, tokenOrder } from "../words/levels.ts";
import { forBoth } from "../words/settings.ts";

const TTL_MS = 2_000;
/** The rival waits until nothing is left of what the slow client was granted. */
const EXPIRED_MS = TTL_MS + 300;
/** Time for the late replies to arrive, and for what follows from them. */
const STAY_MS = 700;

export const [lockSlowReplies, redlockSlowReplies] = forBoth(({ prefix, system, lock, decisive, aLock }) =>
  campaign({
    name: `${prefix}-slow-replies`,
    title: `The replies to ${aLock} come after its time to live`,
    description:
      "The servers grant the lock, and their replies are on the way for longer than it lives. By the time they arrive another client has it: whoever looks at the clock then knows that its own lock is over.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { lock: prefix === "lock" ? "fenced" : lock, ttlMs: TTL_MS, commandTimeoutMs: 10_000 },
    workers: [...workers("client", 2), reader()],
    loadMs: 4_000,
    faults: (random): readonly DeclaredFault[] => [
      {
        id: "slow",
        kind: "link",
        options: { from: "w1", to: decisive, how: "hold", direction: "back" },
        // Nobody has the lock when w1 asks for it, and nobody else asks until it has expired.
        start: {
          at: { worker: "w1", point: "before-acquire", occurrence: random.integer(2, 5) },
          and: [{ worker: "w2", point: "before-acquire", occurrence: random.integer(2, 5), holdMs: EXPIRED_MS }],
        },
        end: { at: { worker: "w2", point: "critical-section", holdMs: STAY_MS } },
      },
    ],
    claims: [
      ...(prefix === "lock" ? [tokenOrder({ standing: "promised", expect: "holds", source: KLEPPMANN })] : []),
      belief({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
      prefix === "lock"
        ? grant({ standing: "hoped", expect: "broken", source: LOCK_PAGE })
        : grant({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
    ],
  }),
);
