import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { belief, grant } from "../words/levels.ts";
import { MAJORITY } from "../words/settings.ts";

/** One per cent, which is what clients allow for. */
const RATE_PPM = 10_000;

export const redlockClockDrift = campaign({
  name: "redlock-clock-drift",
  title: "The servers' clocks run at different speeds",
  description:
    "One server's clock runs a hundredth too fast, another one's a hundredth too slow. Redlock takes that much off a lock's validity, so nothing may break.",
  suite: "nightly",
  system: MAJORITY.system,
  workload: "lock",
  options: { lock: MAJORITY.lock, ttlMs: 1_000, thinkMs: 900 },
  workers: [...workers("client", 3), reader()],
  loadMs: 5_000,
  faults: (): readonly DeclaredFault[] => [
    { id: "fast", kind: "clock-drift", options: { target: "n1", ratePpm: RATE_PPM }, start: { afterMs: 100 } },
    {
      id: "slow",
      kind: "clock-drift",
      options: { target: "n2", ratePpm: -RATE_PPM },
      start: { after: { fault: "fast", stage: "active" }, afterMs: 0 },
    },
  ],
  claims: [
    grant({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
    belief({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
  ],
});
