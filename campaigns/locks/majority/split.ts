import type { DeclaredFault } from "../../declare/declare.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { lanesCampaign } from "../words/lanes.ts";
import { othersWait } from "../words/others-wait.ts";

const TTL_MS = 14_000;
const KEEPS = "keeps-failed-attempts";
const PROGRESS_BOUND_MS = 9_000;

export const redlockSplit = lanesCampaign({
  name: "redlock-split",
  title: "Two clients, and no majority for either",
  description:
    "Each of two clients reaches two of five servers, and not the same. Neither may get the lock; and as soon as all servers are back, nothing of what they tried may be in the way.",
  suite: "standard",
  system: { kind: "independent", options: { nodes: 5 } },
  workload: "lock",
  options: { ttlMs: TTL_MS, thinkAtLeastMs: 20 },
  locks: [{ lock: "redlock" }, { lock: "half-quorum" }, { lock: KEEPS }],
  loadMs: 13_000,
  faults: ({ clients: [first, second], fault }, random) => {
    const cut = (id: string, from: string, to: readonly string[], start: DeclaredFault["start"]): DeclaredFault => ({
      id: fault(id),
      kind: "link",
      options: { from, to: [...to], how: "down" },
      start,
      end: { after: { fault: fault("cut-second"), stage: "active" }, afterMs: random.integer(800, 1_000) },
    });
    return [
      othersWait(second, fault, { after: { fault: fault("cut-second"), stage: "active" } }),
      // Nobody holds the lock then: what is left of a holder's would be in the way of everybody.
      cut("cut-first", first, ["n3", "n4", "n5"], {
        after: { fault: fault("others-wait"), stage: "active" },
        at: { worker: first, point: "before-acquire", occurrence: random.integer(2, 4) },
      }),
      cut("cut-second", second, ["n1", "n2", "n3"], { after: { fault: fault("cut-first"), stage: "active" } }),
    ];
  },
  claims: ({ lock, fault }) => [
    {
      id: "belief",
      statement: "No two clients rightfully hold the lock at the same time.",
      source: LOCK_PAGE,
      checker: "lock-overlap",
      options: { level: "belief" },
      brokenBy: ["half-quorum"],
      ...(lock === KEEPS ? { needs: { except: ownWay(fault) } } : {}),
    },
    {
      id: "progress",
      statement: `As soon as a majority is back, a waiting client gets the lock (within ${PROGRESS_BOUND_MS} ms, of a time to live of ${TTL_MS} ms).`,
      source: LOCK_PAGE,
      checker: "lock-progress",
      options: { boundMs: PROGRESS_BOUND_MS, afterFault: fault("cut-first") },
      brokenBy: [KEEPS],
    },
  ],
});

/** Faults after which nobody gets a lock that keeps failed attempts, for as long as these live. */
function ownWay(fault: (id: string) => string): { readonly [id: string]: string } {
  const why = "what its clients tried is in their own way until the load ends";
  return { [fault("cut-first")]: why, [fault("cut-second")]: why };
}
