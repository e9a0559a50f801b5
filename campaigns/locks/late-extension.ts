import { LOCK_PAGE } from "../sources.ts";
import { lanesCampaign, STEADY_TTL_MS } from "./lanes.ts";

const TTL_MS = 2_500;

export const lockLateExtension = lanesCampaign({
  name: "lock-late-extension",
  title: "An extension that comes too late",
  description:
    "A holder's extension is held up in the network until its lock has expired and another client has got it. It must not be told that it still holds.",
  suite: "standard",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { ttlMs: TTL_MS, extendAt: "granted", commandTimeoutMs: 15_000 },
  locks: [{ lock: "simple" }, { lock: "extends-unchecked" }],
  second: { ttlMs: STEADY_TTL_MS },
  loadMs: 5_500,
  faults: ({ clients: [first, second], fault }, random) => [
    {
      id: fault("late-extension"),
      kind: "link",
      options: { from: first, to: "n1", how: "hold", direction: "forth" },
      start: { at: { worker: first, point: "before-extend", occurrence: random.integer(2, 5) } },
      end: { at: { worker: second, point: "critical-section", holdMs: 1_500 } },
    },
  ],
  claims: () => [
    {
      id: "mutual-exclusion",
      statement: "No two clients are told at the same time that they hold the lock.",
      source: LOCK_PAGE,
      checker: "lock-overlap",
      options: { level: "belief" },
      brokenBy: ["extends-unchecked"],
    },
  ],
});
