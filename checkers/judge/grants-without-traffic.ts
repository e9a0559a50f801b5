/**
 * Locks that their clients were granted although next to nothing had passed their links: no fault of the run can have
 * touched them.
 */
import type { History } from "../../history/history.ts";
import { trafficIn } from "../../history/nemesis-event.ts";
import { fieldOf } from "../../history/vocabulary/read.ts";
import { beginsHold } from "../../history/vocabulary/read-lock.ts";
import { counted } from "../kit/words.ts";

/**
 * What names a lock to a server is longer: `GET a` is 20 bytes on the wire. A heartbeat, which any idle connection may
 * have, is shorter.
 */
const LEAST_REQUEST_BYTES = 20;

/** One sentence for each worker that was granted more locks than it can have asked for through its links. */
export function grantsWithoutTraffic(history: History): string[] {
  const [counts] = history.nemesis.flatMap((event) => trafficIn(event) ?? []);
  if (counts === undefined) return [];
  const grants = new Map<string, number>();
  for (const event of history.events) {
    if (!beginsHold(event) || event.worker === undefined) continue;
    if (fieldOf(event, "grant") !== undefined) grants.set(event.worker, (grants.get(event.worker) ?? 0) + 1);
  }
  return [...grants]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([worker, granted]) => {
      const sent = counts.sent[worker];
      if (sent === undefined || sent >= granted * LEAST_REQUEST_BYTES) return [];
      return [
        `${worker} was granted ${counted(granted, "lock")}, and its links to the servers carried ${sent === 0 ? "nothing" : `only ${counted(sent, "byte")}`} from it during the load: its lock did not ask these servers, so no fault of this run has touched it.`,
      ];
    });
}
