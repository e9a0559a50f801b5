import { lanesCampaign } from "../words/lanes.ts";
import { noGrantBesideBelief } from "../words/lane-claims.ts";
import { forBoth } from "../words/settings.ts";

/**
 * Long against what a busy machine takes to hold the answer up while its lock lives, and to let it through while the
 * next one's does.
 */
const TTL_MS = 7_000;
/** For the late answer to arrive, and for what follows from it, while the next one still holds. */
const STAY_MS = 1_000;

/** What the flaw makes of a late answer is seen only where the client waits for it. */
const LOCKS = {
  lock: [{ lock: "simple" }, { lock: "extends-from-answer" }, { lock: "get-then-set" }],
  redlock: [{ lock: "redlock" }, { lock: "majority-extends-from-answer" }, { lock: "majority-get-then-set" }],
} as const;

export const [lockSlowExtension, redlockSlowExtension] = forBoth(({ prefix, system, decisive, aLock }) =>
  lanesCampaign({
    name: `${prefix}-slow-extension`,
    title: `The answer to an extension of ${aLock} comes after its time to live`,
    description:
      "The servers prolong a holder's lock, and their answers are on the way until it has expired all the same and another client has got it. The holder must not take the answer for a lock, and nothing that it still sends may touch the other's.",
    suite: "standard",
    system,
    workload: "lock",
    options: { ttlMs: TTL_MS, extendAt: "granted", commandTimeoutMs: 20_000 },
    locks: LOCKS[prefix],
    loadMs: 8_500,
    faults: ({ clients: [first, second], fault }, random) => [
      {
        id: fault("answer-held"),
        kind: "link",
        options: { from: first, to: decisive, how: "hold", direction: "back" },
        start: { at: { worker: first, point: "before-extend", occurrence: random.integer(2, 5) } },
        end: { at: { worker: second, point: "critical-section", holdMs: STAY_MS } },
      },
    ],
    claims: () => [
      noGrantBesideBelief([
        "extends-from-answer",
        "get-then-set",
        "majority-extends-from-answer",
        "majority-get-then-set",
      ]),
    ],
  }),
);
