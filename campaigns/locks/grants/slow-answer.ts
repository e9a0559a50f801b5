import { LOCK_PAGE } from "../../declare/sources.ts";
import { lanesCampaign } from "../words/lanes.ts";
import { othersWait } from "../words/others-wait.ts";

const TTL_MS = 4_000;

export const lockSlowAnswer = lanesCampaign({
  name: "lock-slow-answer",
  title: "A grant whose answer takes half of its time to live",
  description:
    "The answer to a grant comes when half of the time to live is over. Its holder must not believe in it for longer than the server does.",
  suite: "standard",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { ttlMs: TTL_MS, thinkAtLeastMs: 0.9 * TTL_MS, commandTimeoutMs: 15_000 },
  locks: [{ lock: "simple" }, { lock: "ttl-from-end" }],
  loadMs: 12_000,
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
        at: { worker: first, point: "before-acquire" },
      },
      end: { afterMs: random.integer(0.45 * TTL_MS, 0.55 * TTL_MS) },
    },
  ],
  claims: () => [
    {
      id: "belief",
      // A library that names no end leaves it to its user to be done in time, and he cannot know how long the answer
      // took.
      standing: "hoped",
      statement: "No two clients are told at the same time that they hold the lock.",
      source: LOCK_PAGE,
      checker: "lock-overlap",
      options: { level: "belief" },
      brokenBy: ["ttl-from-end"],
    },
  ],
});
