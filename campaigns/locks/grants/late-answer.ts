/**
 * The answer to a grant is late, for several locks side by side: the first client of a lane asks for its lock alone, as
 * the other one is stopped until then, and the answer is held up for a while, or until the other has the lock.
 */
import type { Moment } from "../../../history/plan.ts";
import type { Random } from "../../../history/random.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { noTwoBeliefs, risingTokens } from "../words/lane-claims.ts";
import type { Lane, LanesDeclaration } from "../words/lanes.ts";
import { lanesCampaign, STEADY_TTL_MS } from "../words/lanes.ts";
import { othersWait } from "../words/others-wait.ts";

interface LateAnswer {
  readonly id: string;
  /** Whose answers are late. */
  readonly from: string | readonly string[];
  /** Which of its requests it is, from the least to the greatest; the first one unless said. */
  readonly request?: readonly [least: number, greatest: number];
  readonly arrives: (lane: Lane, random: Random) => Moment;
}

function lateAnswer({ id, from, request, arrives }: LateAnswer): NonNullable<LanesDeclaration["faults"]> {
  return (lane, random) => {
    const {
      clients: [first, second],
      fault,
    } = lane;
    return [
      // By then the first one has asked.
      othersWait(second, fault, { after: { fault: fault(id), stage: "active" }, afterMs: random.integer(300, 500) }),
      {
        id: fault(id),
        kind: "link",
        options: { from: first, to: from, how: "hold", direction: "back" },
        start: {
          after: { fault: fault("others-wait"), stage: "active" },
          at: {
            worker: first,
            point: "before-acquire",
            ...(request === undefined ? {} : { occurrence: random.integer(...request) }),
          },
        },
        end: arrives(lane, random),
      },
    ];
  };
}

/** The other client has got the lock, and stays for what the late answer does. */
function whileAnotherHolds({ clients: [, second] }: Lane): Moment {
  return { at: { worker: second, point: "critical-section", holdMs: 1_500 } };
}

export const lockLateToken = lanesCampaign({
  name: "lock-late-token",
  title: "A fencing token for a lock that has expired",
  description:
    "The answer to a grant is held up until the lock has expired and another client has got it, with its token. The first one must not get a greater one.",
  suite: "standard",
  othersIn: "lock-slow-replies",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { ttlMs: 1_500, commandTimeoutMs: 15_000 },
  locks: [{ lock: "fenced" }, { lock: "token-apart" }, { lock: "constant-token" }, { lock: "random-token" }],
  second: { ttlMs: STEADY_TTL_MS },
  loadMs: 4_500,
  faults: lateAnswer({ id: "answer-held", from: "n1", request: [2, 5], arrives: whileAnotherHolds }),
  claims: () => [risingTokens(["token-apart", "constant-token", "random-token"])],
});

export const redlockSlowMajority = lanesCampaign({
  name: "redlock-slow-majority",
  title: "A majority that answers after the time to live",
  description:
    "The grants of three of five servers reach a client only when they have expired there and another client has the lock. It must not take them for a lock.",
  suite: "standard",
  othersIn: "redlock-slow-replies",
  system: { kind: "independent", options: { nodes: 5 } },
  workload: "lock",
  options: { ttlMs: 2_000, commandTimeoutMs: 15_000 },
  locks: [{ lock: "redlock" }, { lock: "no-elapsed-check" }],
  second: { ttlMs: STEADY_TTL_MS },
  loadMs: 5_000,
  faults: lateAnswer({
    id: "answers-held",
    from: ["n1", "n2", "n3"],
    request: [2, 5],
    arrives: whileAnotherHolds,
  }),
  claims: () => [
    {
      id: "grant",
      statement: "No two clients get the lock while its time to live lasts.",
      source: LOCK_PAGE,
      checker: "lock-overlap",
      options: { level: "grant" },
      brokenBy: ["no-elapsed-check"],
    },
  ],
});

const SLOW_TTL_MS = 4_000;

export const lockSlowAnswer = lanesCampaign({
  name: "lock-slow-answer",
  title: "A grant whose answer takes half of its time to live",
  description:
    "The answer to a grant comes when half of the time to live is over. Its holder must not believe in it for longer than the server does.",
  suite: "standard",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { ttlMs: SLOW_TTL_MS, thinkAtLeastMs: 0.9 * SLOW_TTL_MS, commandTimeoutMs: 15_000 },
  locks: [{ lock: "simple" }, { lock: "ttl-from-end" }],
  loadMs: 12_000,
  faults: lateAnswer({
    id: "answer-held",
    from: "n1",
    arrives: (_lane, random) => ({ afterMs: random.integer(0.45 * SLOW_TTL_MS, 0.55 * SLOW_TTL_MS) }),
  }),
  // A library that names no end leaves it to its user to be done in time, and they cannot know how long the answer
  // took.
  claims: () => [{ ...noTwoBeliefs(["ttl-from-end"]), standing: "hoped" }],
});
