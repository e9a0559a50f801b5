import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { progress } from "../words/levels.ts";
import { forBoth } from "../words/settings.ts";

const TTL_MS = 1_000;
const BOUND_MS = 1_500;
const STUCK_MS = 3 * TTL_MS;

export const [lockStuckHolder, redlockStuckHolder] = forBoth(({ prefix, system, lock, aLock }) =>
  campaign({
    name: `${prefix}-stuck-holder`,
    title: `The holder of ${aLock} is stuck, and well`,
    description:
      "One client's work takes three times as long as its lock is to live, while its process and its network are well. A lock that its library keeps alive by itself, for as long as it takes, stays with a client that never comes to an end.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { lock, ttlMs: TTL_MS },
    workers: [
      ...workers("client", 1, 1, { thinkAtLeastMs: STUCK_MS, thinkMs: STUCK_MS }),
      ...workers("client", 2, 2, { thinkAtLeastMs: 20, idleMs: 100 }),
      reader(),
    ],
    loadMs: 6_000,
    claims: [
      {
        ...progress({ standing: "hoped", expect: "holds", source: LOCK_PAGE }, BOUND_MS, { holdAtMostMs: TTL_MS }),
        statement: `Others get the lock ${BOUND_MS} ms after the time to live of one whose work does not end.`,
      },
    ],
  }),
);
