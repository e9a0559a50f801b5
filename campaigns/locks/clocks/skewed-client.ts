import { LOCK_PAGE } from "../../declare/sources.ts";
import type { LaneClaim } from "../words/lanes.ts";
import { lanesCampaign } from "../words/lanes.ts";
import { noGrantBesideGrant } from "../words/lane-claims.ts";

/** No holder is late by so much, however busy the machine is: none of the levels may have an excuse. */
const TTL_MS = 15_000;
/** One tells its holders until when they hold, the other one when it has noticed that they do not any more. */
const BY_CLIENTS_CLOCKS = ["client-clock", "expires-others-by-own-clock"];

export const lockSkewedClient = lanesCampaign({
  name: "lock-skewed-client",
  title: "A client whose clock is ahead",
  description:
    "The clock of a waiting client jumps by more than the time to live while another one holds the lock. Who holds it must not depend on it.",
  suite: "standard",
  othersIn: "lock-client-clock",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { ttlMs: TTL_MS },
  locks: [{ lock: "simple" }, { lock: "watched" }, ...BY_CLIENTS_CLOCKS.map((lock) => ({ lock }))],
  loadMs: 5_000,
  faults: ({ clients: [first, second], fault }, random) => [
    {
      id: fault("jump"),
      kind: "clock-jump",
      options: { target: second, offsetMs: TTL_MS + random.integer(1_000, 3_000) },
      start: { at: { worker: first, point: "critical-section", occurrence: random.integer(2, 5), holdMs: 1_500 } },
      end: { afterMs: 3_000 },
    },
  ],
  claims: (): readonly LaneClaim[] => [
    {
      id: "belief",
      statement: "No two clients rightfully hold the lock at the same time, whatever their own clocks show.",
      source: LOCK_PAGE,
      checker: "lock-overlap",
      options: { level: "belief" },
      brokenBy: BY_CLIENTS_CLOCKS,
    },
    noGrantBesideGrant(BY_CLIENTS_CLOCKS),
    {
      id: "resource",
      statement: "No write of a former holder gets to the resource, and no update is lost.",
      source: LOCK_PAGE,
      checker: "lock-resource",
      options: {},
      brokenBy: BY_CLIENTS_CLOCKS,
    },
  ],
});
