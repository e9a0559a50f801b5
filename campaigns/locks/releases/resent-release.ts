import { IOREDIS_RESENDS } from "../../declare/sources.ts";
import { lanesCampaign } from "../words/lanes.ts";
import { noGrantBesideGrant } from "../words/lane-claims.ts";
import { forBoth } from "../words/settings.ts";

/** Nothing expires here. */
const TTL_MS = 10_000;
/** For the release to be sent again, and for others to find the lock free. */
const STAY_MS = 1_500;

const LOCKS = {
  lock: [{ lock: "simple" }, { lock: "plain-delete" }],
  redlock: [{ lock: "redlock" }],
} as const;

export const [lockResentRelease, redlockResentRelease] = forBoth(({ prefix, system, decisive, aLock }) =>
  lanesCampaign({
    name: `${prefix}-resent-release`,
    title: `The answer to a release of ${aLock} is lost, and the release is sent again`,
    description:
      "A client releases its lock, the answers vanish, and another client gets the lock. Then the connections are reset, and the client library, as its defaults have it, connects again and sends the release once more: it must not free the other's lock, which has long to live.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { ttlMs: TTL_MS },
    profile: "app",
    locks: LOCKS[prefix],
    loadMs: 5_000,
    faults: ({ clients: [first, second], fault }, random) => [
      {
        id: fault("answer-lost"),
        kind: "link",
        options: { from: first, to: decisive, how: "lose-reply" },
        start: { at: { worker: first, point: "before-release", occurrence: random.integer(2, 5) } },
        end: { at: { worker: second, point: "critical-section", holdMs: STAY_MS } },
      },
    ],
    claims: () => [noGrantBesideGrant(["plain-delete"], IOREDIS_RESENDS)],
  }),
);
