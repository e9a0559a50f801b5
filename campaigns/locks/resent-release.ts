import { campaign, reader, workers } from "../declare.ts";
import { IOREDIS_RESENDS, LOCK_PAGE } from "../sources.ts";
import { belief, promise } from "./levels.ts";
import { forBoth } from "./settings.ts";

/** Nothing expires here. */
const TTL_MS = 10_000;
/** For the release to be sent again, and for others to find the lock free. */
const STAY_MS = 1_500;

export const [lockResentRelease, redlockResentRelease] = forBoth(({ prefix, system, lock, decisive, aLock }) =>
  campaign({
    name: `${prefix}-resent-release`,
    title: `The answer to a release of ${aLock} is lost, and the release is sent again`,
    description:
      "A client releases its lock, the answers vanish, and another client gets the lock. Then the connections are reset, and the client library, as its defaults have it, connects again and sends the release once more: it must not free the other's lock, which has long to live.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { lock, ttlMs: TTL_MS },
    profile: "app",
    workers: [...workers("client", 3), reader()],
    loadMs: 5_000,
    faults: (random) => [
      {
        id: "answer-lost",
        kind: "link",
        options: { from: "w1", to: decisive, how: "lose-reply" },
        start: { at: { worker: "w1", point: "before-release", occurrence: random.integer(2, 5) } },
        end: { at: { worker: "w2", point: "critical-section", holdMs: STAY_MS } },
      },
    ],
    claims: [
      promise({ standing: "promised", expect: "holds", source: IOREDIS_RESENDS }),
      belief({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
    ],
  }),
);
