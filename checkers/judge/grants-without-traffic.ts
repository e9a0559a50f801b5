/**
 * Locks that their clients were granted, and elections of candidates, although next to nothing had passed their links:
 * no fault of the run can have touched them.
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

/** One sentence for each worker that got more locks, or elections, than it can have asked for through its links. */
export function grantsWithoutTraffic(history: History): string[] {
  const [counts] = history.nemesis.flatMap((event) => trafficIn(event) ?? []);
  if (counts === undefined) return [];
  const grants = new Map<string, number>();
  const elections = new Map<string, number>();
  for (const event of history.events) {
    const { worker } = event;
    if (worker === undefined) continue;
    if (beginsHold(event) && fieldOf(event, "grant") !== undefined) grants.set(worker, (grants.get(worker) ?? 0) + 1);
    if (event.f === "elected" && event.type === "ok") elections.set(worker, (elections.get(worker) ?? 0) + 1);
  }
  return [
    ...withoutTraffic(grants, counts.sent, (count) => `was granted ${counted(count, "lock")}`, "its lock"),
    ...withoutTraffic(elections, counts.sent, (count) => `was elected ${counted(count, "time")}`, "its election"),
  ];
}

function withoutTraffic(
  won: ReadonlyMap<string, number>,
  bytes: Readonly<Record<string, number>>,
  words: (count: number) => string,
  whose: string,
): string[] {
  return [...won]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([worker, count]) => {
      const sent = bytes[worker];
      if (sent === undefined || sent >= count * LEAST_REQUEST_BYTES) return [];
      return [
        `${worker} ${words(count)}, and its links to the servers carried ${sent === 0 ? "nothing" : `only ${counted(sent, "byte")}`} from it during the load: ${whose} did not ask these servers, so no fault of this run has touched it.`,
      ];
    });
}
