import { LOCK_PAGE } from "../../declare/sources.ts";
import { lanesCampaign, STEADY_TTL_MS } from "../words/lanes.ts";
import { othersWait } from "../words/others-wait.ts";

const TTL_MS = 2_000;

export const redlockSlowMajority = lanesCampaign({
  name: "redlock-slow-majority",
  title: "A majority that answers after the time to live",
  description:
    "The grants of three of five servers reach a client only when they have expired there and another client has the lock. It must not take them for a lock.",
  suite: "standard",
  othersIn: "redlock-slow-replies",
  system: { kind: "independent", options: { nodes: 5 } },
  workload: "lock",
  options: { ttlMs: TTL_MS, commandTimeoutMs: 15_000 },
  locks: [{ lock: "redlock" }, { lock: "no-elapsed-check" }],
  second: { ttlMs: STEADY_TTL_MS },
  loadMs: 5_000,
  faults: ({ clients: [first, second], fault }, random) => [
    // By then the first one has asked.
    othersWait(second, fault, {
      after: { fault: fault("answers-held"), stage: "active" },
      afterMs: random.integer(300, 500),
    }),
    {
      id: fault("answers-held"),
      kind: "link",
      options: { from: first, to: ["n1", "n2", "n3"], how: "hold", direction: "back" },
      start: {
        after: { fault: fault("others-wait"), stage: "active" },
        at: { worker: first, point: "before-acquire", occurrence: random.integer(2, 5) },
      },
      end: { at: { worker: second, point: "critical-section", holdMs: 1_500 } },
    },
  ],
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
