/**
 * When what the nemesis does can have made a server lose a lock: from then on nothing can be concluded from the
 * servers' being exclusive.
 */
import type { History } from "../../../history/history.ts";
import type { FaultRecord } from "../../kit/faults.ts";
import { isWorkerName } from "../../kit/faults.ts";

/**
 * When the nemesis first did something to servers that can make them forget a lock, or hand it to a replica that has
 * not heard of it.
 */
export function firstLoss(history: History, faults: ReadonlyMap<string, FaultRecord>): number {
  const workers = new Set(history.operations.map(({ invoke }) => invoke.worker));
  const isNode = (name: string): boolean => !workers.has(name) && !isWorkerName(name);
  const hits = [...faults.values()].filter(({ kind, target }) =>
    // A link names both its ends: only one between nodes matters here.
    kind === "link" ? target.every(isNode) : target.some(isNode),
  );
  return hits.reduce((first, { from }) => Math.min(first, from), Infinity);
}
