import { lanesCampaign, STEADY_TTL_MS } from "../words/lanes.ts";
import { noGrantBesideBelief } from "../words/lane-claims.ts";
import { OF_WATCHDOGS } from "../words/levels.ts";
import { forBoth } from "../words/settings.ts";

const TTL_MS = 6_000;
/** For the late answer to arrive, and short against the time after which a watchdog refreshes again. */
const THINK_MS = 150;
const STAY_MS = 1_500;

const LOCKS = {
  lock: [{ lock: "watched" }, { lock: "watchdog-counts-from-answer" }],
  redlock: [{ lock: "redlock-watched" }],
} as const;

export const [lockSlowRefresh, redlockSlowRefresh] = forBoth(({ prefix, system, decisive, aLock }) =>
  lanesCampaign({
    name: `${prefix}-slow-refresh`,
    title: `The answer to a refresh of ${aLock} comes after its time to live`,
    description:
      "A holder is at work, and its library refreshes the lock. The servers do so, and their answers are on the way until the lock has expired all the same and another client has got it. Then the answers come, and the holder makes sure that it still holds.",
    suite: prefix === "lock" ? "standard" : "nightly",
    system,
    workload: "lock",
    options: { ttlMs: TTL_MS, thinkAtLeastMs: THINK_MS, thinkMs: THINK_MS, commandTimeoutMs: 15_000 },
    locks: LOCKS[prefix],
    second: { ttlMs: STEADY_TTL_MS },
    loadMs: 11_000,
    faults: ({ clients: [first, second], fault }, random) => [
      {
        id: fault("answers-held"),
        kind: "link",
        options: { from: first, to: decisive, how: "hold", direction: "back" },
        start: {
          at: {
            worker: first,
            point: "thinking",
            occurrence: random.integer(1, 3),
            holdUntilHealed: fault("answers-held"),
          },
        },
        end: { at: { worker: second, point: "critical-section", holdMs: STAY_MS } },
      },
    ],
    claims: () => [noGrantBesideBelief(["watchdog-counts-from-answer"], OF_WATCHDOGS)],
  }),
);
