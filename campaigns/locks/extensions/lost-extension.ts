import { lanesCampaign } from "../words/lanes.ts";
import { noGrantBesideBelief } from "../words/lane-claims.ts";
import { OF_WATCHDOGS } from "../words/levels.ts";
import { forBoth } from "../words/settings.ts";

const TTL_MS = 4_000;
/** After so long, a client that asks on a closed connection is told that no answer came. */
const TOLD_MS = 1_500;
/** Short, so that others get the lock again while the load goes on. */
const WATCHED_TTL_MS = 2_500;
/** A watchdog has refreshed in vain by then, and has time to do so again. */
const CLOSED_MS = 0.5 * WATCHED_TTL_MS;
/** What nobody has kept alive since is over, and the other has it. */
const OVER_MS = WATCHED_TTL_MS + 1_500;

/** When most of the time to live is left after an extension that was none. */
const BY_HOLDER = {
  how: "extended by its holder",
  options: { extendAt: "critical-section", thinkAtLeastMs: 0.6 * TTL_MS },
} as const;
const BY_WATCHDOG = {
  how: "refreshed by its watchdog",
  // Everybody holds it for long enough to be seen refreshing it.
  options: { ttlMs: WATCHED_TTL_MS, thinkAtLeastMs: 0.4 * WATCHED_TTL_MS },
} as const;

const LOCKS = {
  lock: [
    { lock: "simple", ...BY_HOLDER },
    { lock: "extension-ignores-errors", ...BY_HOLDER },
    { lock: "watched", ...BY_WATCHDOG },
    { lock: "watchdog-ends-at-error", ...BY_WATCHDOG },
  ],
  redlock: [
    { lock: "redlock", ...BY_HOLDER },
    { lock: "redlock-watched", ...BY_WATCHDOG },
  ],
} as const;

export const [lockLostExtension, redlockLostExtension] = forBoth(({ prefix, system, decisive, aLock }) =>
  lanesCampaign({
    name: `${prefix}-lost-extension`,
    title: `An extension of ${aLock} is lost with its connection`,
    description:
      "A holder extends its lock, or its watchdog does, and the connections are closed before the servers have read the request. The client that is told so does not know whether the lock was prolonged: it was not, and it expires unless the client asks again.",
    suite: prefix === "lock" ? "standard" : "nightly",
    system,
    workload: "lock",
    options: { ttlMs: TTL_MS, commandTimeoutMs: TOLD_MS },
    locks: LOCKS[prefix],
    // It leaves the lock to the first one for most of the time.
    second: { thinkAtLeastMs: 0, thinkMs: 50, idleMs: 300 },
    loadMs: 9_000,
    faults: ({ clients: [first, second], how, fault }, random) => [
      how === BY_HOLDER.how
        ? {
            id: fault("closed"),
            kind: "link",
            options: { from: first, to: decisive, how: "down" },
            start: { at: { worker: first, point: "before-extend" } },
            // The first one still has what it believes in when the other one gets the lock.
            end: { at: { worker: first, point: "before-release" }, and: [{ worker: second, point: "granted" }] },
          }
        : {
            id: fault("closed"),
            kind: "link",
            options: { from: first, to: decisive, how: "down" },
            start: {
              at: { worker: first, point: "thinking", occurrence: random.integer(1, 2), holdMs: OVER_MS },
            },
            end: { afterMs: CLOSED_MS },
          },
    ],
    claims: ({ how }) => [
      noGrantBesideBelief(
        ["extension-ignores-errors", "watchdog-ends-at-error"],
        how === BY_WATCHDOG.how ? OF_WATCHDOGS : {},
      ),
    ],
  }),
);
