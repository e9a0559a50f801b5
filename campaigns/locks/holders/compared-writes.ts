import type { DeclaredFault } from "../../declare/declare.ts";
import type { CampaignDeclaration } from "../../declare/declare.ts";
import { campaign, promised } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { ANTIREZ } from "../../declare/sources.ts";
import { formerHolders } from "../words/levels.ts";
import { MAJORITY } from "../words/settings.ts";

const TTL_MS = 1_500;
/** Time for the former holder's write to arrive before anything else does. */
const STAY_MS = 800;

type Own = Pick<CampaignDeclaration, "name" | "title"> & {
  /** How far the next holder has come when the former one goes on. */
  readonly next: "granted" | "critical-section";
  readonly what: string;
  readonly formerHolders: Parameters<typeof formerHolders>[0];
};

/** Unique values instead of rising tokens: the same pause without them is `redlock-paused-holder`. */
function comparedWrites({ next, what, formerHolders: terms, ...own }: Own): ReturnType<typeof campaign> {
  return campaign({
    ...own,
    description: `The resource accepts a write only of the grant that has read last. The holder is stopped for longer than its lock lives, between its read and its write. ${what}`,
    suite: "nightly",
    system: MAJORITY.system,
    workload: "lock",
    options: { lock: MAJORITY.lock, ttlMs: TTL_MS, compares: true },
    workers: [...workers("client", 2), reader()],
    loadMs: 4_000,
    faults: (random): readonly DeclaredFault[] => [
      {
        id: "pause",
        kind: "pause",
        options: { target: "w1" },
        start: { at: { worker: "w1", point: "critical-section", occurrence: random.integer(2, 5) } },
        // The very next holder: one before it would have read.
        end: { at: { worker: "w2", point: next, holdMs: STAY_MS } },
      },
    ],
    claims: [
      promised(
        "resource",
        "A value that is unique, and that the resource compares, keeps writes apart; no order of the values is needed for that.",
        ANTIREZ,
        "lock-resource",
      ),
      formerHolders(terms),
    ],
  });
}

export const redlockComparedWrites = comparedWrites({
  name: "redlock-compared-writes",
  title: "A resource that compares unique values",
  next: "critical-section",
  what: "When it goes on, the next holder has read: its write is refused.",
  formerHolders: { standing: "promised", expect: "holds", source: ANTIREZ },
});

export const redlockEarlyComparedWrites = comparedWrites({
  name: "redlock-early-compared-writes",
  title: "A resource that compares unique values, and has not seen the next one",
  next: "granted",
  what: "When it goes on, the next holder has the lock and has not read yet: its write is accepted, though it comes before all of the other's.",
  formerHolders: { standing: "hoped", expect: "broken", source: ANTIREZ },
});
