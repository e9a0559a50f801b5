import { LOCK_PAGE } from "../../declare/sources.ts";
import { lanesCampaign, STEADY_TTL_MS } from "../words/lanes.ts";

/** A busy machine takes seconds to hold an answer up, and what the release compares must still be so by then. */
const TTL_MS = 6_000;

const REQUEST_HELD = "its request held up";
const ANSWER_HELD = "its answer held up";

export const lockLateRelease = lanesCampaign({
  name: "lock-late-release",
  title: "Releases that come too late",
  description:
    "A client's release, or the answer to it, is held up in the network until its lock has expired and another client has got it. What it compares must still be so when it deletes.",
  suite: "standard",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { ttlMs: TTL_MS, commandTimeoutMs: 15_000 },
  locks: [
    { lock: "simple", how: REQUEST_HELD },
    { lock: "plain-delete", how: REQUEST_HELD },
    { lock: "simple", how: ANSWER_HELD },
    { lock: "get-then-delete", how: ANSWER_HELD },
  ],
  second: { ttlMs: STEADY_TTL_MS },
  loadMs: 9_000,
  faults: ({ clients: [first, second], how, fault }, random) => [
    {
      id: fault("late-release"),
      kind: "link",
      options: { from: first, to: "n1", how: "hold", direction: how === ANSWER_HELD ? "back" : "forth" },
      start: { at: { worker: first, point: "before-release", occurrence: random.integer(2, 5) } },
      // Time for the first to find the lock free while the second still holds it.
      end: { afterMs: TTL_MS, at: { worker: second, point: "critical-section", holdMs: 1_500 } },
    },
  ],
  claims: () => [
    {
      id: "release",
      statement: "A release never frees another client's lock.",
      source: LOCK_PAGE,
      checker: "lock-release",
      options: {},
      brokenBy: ["plain-delete", "get-then-delete"],
    },
  ],
});
