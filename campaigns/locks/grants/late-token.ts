import { KLEPPMANN } from "../../declare/sources.ts";
import { lanesCampaign, STEADY_TTL_MS } from "../words/lanes.ts";
import { othersWait } from "../words/others-wait.ts";

const TTL_MS = 1_500;

export const lockLateToken = lanesCampaign({
  name: "lock-late-token",
  title: "A fencing token for a lock that has expired",
  description:
    "The answer to a grant is held up until the lock has expired and another client has got it, with its token. The first one must not get a greater one.",
  suite: "standard",
  othersIn: "lock-slow-replies",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { ttlMs: TTL_MS, commandTimeoutMs: 15_000 },
  locks: [{ lock: "fenced" }, { lock: "token-apart" }, { lock: "constant-token" }, { lock: "random-token" }],
  second: { ttlMs: STEADY_TTL_MS },
  loadMs: 4_500,
  faults: ({ clients: [first, second], fault }, random) => [
    // By then the first one has asked.
    othersWait(second, fault, {
      after: { fault: fault("answer-held"), stage: "active" },
      afterMs: random.integer(300, 500),
    }),
    {
      id: fault("answer-held"),
      kind: "link",
      options: { from: first, to: "n1", how: "hold", direction: "back" },
      start: {
        after: { fault: fault("others-wait"), stage: "active" },
        at: { worker: first, point: "before-acquire", occurrence: random.integer(2, 5) },
      },
      end: { at: { worker: second, point: "critical-section", holdMs: 1_500 } },
    },
  ],
  claims: () => [
    {
      id: "token-order",
      statement: "A later grant has a higher token.",
      source: KLEPPMANN,
      checker: "lock-token-order",
      options: {},
      brokenBy: ["token-apart", "constant-token", "random-token"],
    },
  ],
});
