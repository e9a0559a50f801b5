/**
 * A holder no longer hears the servers, nor they it, and is not told so: nothing is closed, nothing is refused. The
 * holder takes its time, until the servers have ended its lock and others have got it; the links are healed later.
 */
import type { Campaign } from "../../../runner/campaign.ts";
import type { CampaignDeclaration } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { KLEPPMANN, LOCK_PAGE } from "../../declare/sources.ts";
import type { SharedOptions } from "../../declare/workers.ts";
import { reader, workers } from "../../declare/workers.ts";
import { belief, progress, grant, resource } from "../words/levels.ts";
import { forBoth, IDLE_MS } from "../words/settings.ts";

type CutOffHolder = Omit<CampaignDeclaration, "suite" | "workload" | "options" | "workers" | "faults"> & {
  readonly options: SharedOptions<"lock", "client">;
  /** So long the holder stays where it is. */
  readonly silentMs: number;
  readonly point: "granted" | "thinking";
};

export function cutOffHolder({ silentMs, point, ...own }: CutOffHolder): Campaign {
  return campaign({
    ...own,
    suite: "nightly",
    workload: "lock",
    workers: [...workers("client", 3), reader()],
    faults: (random) => [
      {
        id: "cut",
        kind: "link",
        options: { from: "w1", to: "servers", how: "hold" },
        start: { at: { worker: "w1", point, occurrence: random.integer(2, 5), holdMs: silentMs } },
        end: { afterMs: silentMs + random.integer(800, 1_200) },
      },
    ],
  });
}

const TTL_MS = 1_500;
/** The time to live, another attempt, and grace for a machine that is busy. */
const PROGRESS_BOUND_MS = TTL_MS + 1_500;

export const [lockCutOffHolder, redlockCutOffHolder] = forBoth(({ prefix, system, lock, aLock }) =>
  cutOffHolder({
    name: `${prefix}-cut-off-holder`,
    title: `The holder of ${aLock} is cut off without a word`,
    description:
      "The holder's connections fall silent in the middle of its critical section: nothing is closed, nothing is refused. The lock expires and another client gets it; what the holder is told by its own library is what it acts on.",
    system,
    options: { lock, ttlMs: TTL_MS, commandTimeoutMs: 10_000, idleMs: IDLE_MS },
    loadMs: 5_000,
    silentMs: 2_600,
    point: "thinking",
    claims: [
      grant({ standing: "hoped", expect: "broken", source: KLEPPMANN }, { fromFault: "cut" }),
      belief({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
      resource({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
      progress({ standing: "promised", expect: "holds", source: LOCK_PAGE }, PROGRESS_BOUND_MS, { afterFault: "cut" }),
    ],
  }),
);
