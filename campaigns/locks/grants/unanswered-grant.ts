import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { belief, progress } from "../words/levels.ts";
import { MAJORITY } from "../words/settings.ts";

/** Long against the bound: what is not given back is in the way for all of it. */
const TTL_MS = 8_000;
/** Longer than any server is waited for that has this long to answer: a tenth of the time to live. */
const SILENT_MS = 1_600;
/** The silence itself, trying again, and a machine that is busy. */
const BOUND_MS = SILENT_MS + 3_000;

export const redlockUnansweredGrant = campaign({
  name: "redlock-unanswered-grant",
  title: "Servers grant a lock, and nobody hears of it",
  description:
    "A client asks for the lock, and a majority of the servers grant it, but their answers are held up until it has given up. What it got has to be given back on all servers, also on those that did not answer, or it is in everybody's way until it expires.",
  suite: "nightly",
  system: MAJORITY.system,
  workload: "lock",
  options: { lock: MAJORITY.lock, ttlMs: TTL_MS, commandTimeoutMs: 10_000 },
  workers: [...workers("client", 2), reader()],
  loadMs: 7_500,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "unheard",
      kind: "link",
      options: { from: "w1", to: MAJORITY.decisive, how: "hold", direction: "back" },
      // Nobody has the lock when w1 asks for it, and nobody else asks until it has been granted, and w1 has given up.
      start: {
        at: { worker: "w1", point: "before-acquire", occurrence: random.integer(2, 5) },
        and: [{ worker: "w2", point: "before-acquire", occurrence: random.integer(2, 5), holdUntilHealed: "unheard" }],
      },
      end: { afterMs: SILENT_MS },
    },
  ],
  claims: [
    progress({ standing: "promised", expect: "holds", source: LOCK_PAGE }, BOUND_MS, { afterFault: "unheard" }),
    belief({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
  ],
});
