import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { ANTIREZ } from "../../declare/sources.ts";
import { belief, grant } from "../words/levels.ts";
import { MAJORITY } from "../words/settings.ts";

const TTL_MS = 2_000;
const STAY_MS = 700;

export const redlockPausedInFlight = campaign({
  name: "redlock-paused-in-flight",
  title: "A client is paused while the replies are on their way",
  description:
    "The servers have granted the lock, and the client is stopped before it has heard so. When it goes on the replies lie there at once, and its lock is long over: it has to look at the clock after the replies, not before.",
  suite: "nightly",
  system: MAJORITY.system,
  workload: "lock",
  options: { lock: MAJORITY.lock, ttlMs: TTL_MS, commandTimeoutMs: 10_000 },
  workers: [...workers("client", 2), reader()],
  loadMs: 4_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "slow",
      kind: "link",
      options: { from: "w1", to: MAJORITY.decisive, how: "hold", direction: "back" },
      start: {
        at: { worker: "w1", point: "before-acquire", occurrence: random.integer(2, 5) },
        and: [
          {
            worker: "w2",
            point: "before-acquire",
            occurrence: random.integer(2, 5),
            holdMs: TTL_MS + 300,
          },
        ],
      },
      end: { after: { fault: "pause", stage: "active" }, afterMs: 0 },
    },
    {
      id: "pause",
      kind: "pause",
      options: { target: "w1" },
      start: {
        after: { fault: "slow", stage: "active" },
        on: { event: "acquire", type: "invoke", worker: "w1" },
        afterMs: 150,
      },
      end: { at: { worker: "w2", point: "critical-section", holdMs: STAY_MS } },
    },
  ],
  claims: [
    grant({ standing: "promised", expect: "holds", source: ANTIREZ }),
    belief({ standing: "promised", expect: "holds", source: ANTIREZ }),
  ],
});
