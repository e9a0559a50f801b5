import { LOCK_PAGE } from "../../declare/sources.ts";
import type { LaneClaim } from "../words/lanes.ts";
import { lanesCampaign } from "../words/lanes.ts";
import { noTwoBeliefs } from "../words/lane-claims.ts";
import { othersWait } from "../words/others-wait.ts";

const TTL_MS = 1_200;
/**
 * So long a holder works after it was cut off: the next one has the lock, on a busy machine too, by the time that it
 * makes sure that it still holds, and works as long.
 */
const WORK_MS = TTL_MS + 3_000;

export const lockSilentRefresh = lanesCampaign({
  name: "lock-silent-refresh",
  title: "A watchdog whose server does not answer",
  description:
    "A holder is cut off from the server without a word. Its lock expires there and another client gets it; its watchdog has to tell the holder by itself, while nobody answers.",
  suite: "standard",
  othersIn: "lock-cut-off-holder",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { ttlMs: TTL_MS, thinkAtLeastMs: WORK_MS, commandTimeoutMs: 15_000 },
  locks: [{ lock: "watched" }, { lock: "watchdog-ignores-errors" }],
  loadMs: 12_000,
  faults: ({ clients: [first, second], fault }) => [
    // Two that work so long, and pause so shortly, may keep each other out for the whole load.
    othersWait(second, fault, { after: { fault: fault("silence"), stage: "active" } }),
    {
      id: fault("silence"),
      kind: "link",
      options: { from: first, to: "n1", how: "hold" },
      start: { after: { fault: fault("others-wait"), stage: "active" }, at: { worker: first, point: "thinking" } },
      end: { at: { worker: second, point: "critical-section" } },
    },
  ],
  claims: (): readonly LaneClaim[] => [
    noTwoBeliefs(["watchdog-ignores-errors"]),
    {
      id: "resource",
      statement:
        "A client that makes sure that it holds, and then writes at once, writes nothing that a later holder does not expect.",
      source: LOCK_PAGE,
      checker: "lock-resource",
      options: {},
      brokenBy: ["watchdog-ignores-errors"],
    },
  ],
});
