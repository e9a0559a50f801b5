import { cutOffHolder } from "../../declare/cut-off-holder.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { KLEPPMANN, LOCK_PAGE } from "../../declare/sources.ts";
import { belief, progress, grant, resource } from "../words/levels.ts";
import { forBoth, IDLE_MS } from "../words/settings.ts";

const TTL_MS = 1_500;
const SILENT_MS = 2_600;
/** The time to live, another attempt, and grace for a machine that is busy. */
const PROGRESS_BOUND_MS = TTL_MS + 1_500;

export const [lockCutOffHolder, redlockCutOffHolder] = forBoth(({ prefix, system, lock, aLock }) =>
  campaign({
    name: `${prefix}-cut-off-holder`,
    title: `The holder of ${aLock} is cut off without a word`,
    description:
      "The holder's connections fall silent in the middle of its critical section: nothing is closed, nothing is refused. The lock expires and another client gets it; what the holder is told by its own library is what it acts on.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { lock, ttlMs: TTL_MS, commandTimeoutMs: 10_000, idleMs: IDLE_MS },
    workers: [...workers("client", 3), reader()],
    loadMs: 5_000,
    faults: cutOffHolder(SILENT_MS, "thinking"),
    claims: [
      grant({ standing: "hoped", expect: "broken", source: KLEPPMANN }, { fromFault: "cut" }),
      belief({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
      resource({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
      progress({ standing: "promised", expect: "holds", source: LOCK_PAGE }, PROGRESS_BOUND_MS, { afterFault: "cut" }),
    ],
  }),
);
