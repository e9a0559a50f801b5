import { LOCK_PAGE } from "../../declare/sources.ts";
import type { LaneClaim } from "../words/lanes.ts";
import { lanesCampaign } from "../words/lanes.ts";
import { OF_WATCHDOGS } from "../words/levels.ts";

const TTL_MS = 1_000;

const BY_HOLDER = { how: "extended by its holder", options: { extendAt: "critical-section" } } as const;
/** Who thinks longer than a watchdog takes to refresh again. */
const BY_WATCHDOG = { how: "refreshed by its watchdog", options: { thinkAtLeastMs: 700 } } as const;

/** What a watchdog asks for is not recorded. */
const EXTENSION: LaneClaim = {
  id: "extension",
  statement: "No client is told that its lock was extended which another client has been granted since.",
  source: LOCK_PAGE,
  checker: "lock-extension",
  options: {},
  brokenBy: ["extends-expired"],
};

export const lockExtensionAfterExpiry = lanesCampaign({
  name: "lock-extension-after-expiry",
  title: "An extension after the lock has expired, been another's, and is free again",
  description:
    "A holder has read what the lock protects and is stopped until another client has had the lock and released it. Then it extends, or its watchdog does, and must be told that its lock is lost.",
  suite: "standard",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { ttlMs: TTL_MS },
  locks: [
    { lock: "simple", ...BY_HOLDER },
    { lock: "extends-expired", ...BY_HOLDER },
    { lock: "watched", ...BY_WATCHDOG },
    { lock: "reacquires-in-refresh", ...BY_WATCHDOG },
  ],
  loadMs: 5_500,
  faults: ({ clients: [first, second], how, fault }, random) => [
    {
      id: fault("pause"),
      kind: "pause",
      options: { target: first },
      start: {
        at:
          how === BY_HOLDER.how
            ? { worker: first, point: "before-extend", occurrence: random.integer(2, 5) }
            : { worker: first, point: "thinking" },
      },
      // The other has had the lock and does not ask for it again so soon.
      end: { afterMs: TTL_MS / 2, at: { worker: second, point: "before-acquire", holdMs: 1_200 } },
    },
  ],
  claims: ({ how }) => [
    {
      id: "resource",
      // Nobody promises that a library keeps its locks alive by itself.
      standing: how === BY_WATCHDOG.how ? "hoped" : "promised",
      statement:
        "Nothing is written under a lock that another client has had in between, and that its holder has extended since.",
      source: LOCK_PAGE,
      checker: "lock-resource",
      options: how === BY_WATCHDOG.how ? OF_WATCHDOGS : {},
      brokenBy: ["extends-expired", "reacquires-in-refresh"],
    },
    ...(how === BY_HOLDER.how ? [EXTENSION] : []),
  ],
});
