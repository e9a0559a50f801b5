import { LOCK_PAGE } from "../../declare/sources.ts";
import { lanesCampaign } from "../words/lanes.ts";
import { othersWait } from "../words/others-wait.ts";

const TTL_MS = 1_000;
/** For trying again, for the commands themselves, and for a machine that is busy. */
const GRACE_MS = 2_500;

export const lockCrashedInAcquire = lanesCampaign({
  name: "lock-crashed-in-acquire",
  title: "A client dies before it is told that it has the lock",
  description:
    "The server grants a lock, its answer is held up, and the client is killed before it can send another command. The lock has to free itself.",
  suite: "standard",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { ttlMs: TTL_MS, commandTimeoutMs: 15_000, survey: true },
  locks: [{ lock: "simple" }, { lock: "setnx-then-expire" }, { lock: "no-ttl" }],
  loadMs: 12_000,
  faults: ({ clients: [first, second], fault }, random) => [
    othersWait(second, fault, { after: { fault: fault("crash"), stage: "active" } }),
    {
      id: fault("answer-held"),
      kind: "link",
      options: { from: first, to: "n1", how: "hold", direction: "back" },
      start: {
        after: { fault: fault("others-wait"), stage: "active" },
        at: { worker: first, point: "before-acquire", occurrence: random.integer(2, 5) },
      },
    },
    {
      id: fault("crash"),
      kind: "kill",
      options: { target: first },
      // By then the client has sent its first command, and waits.
      start: { after: { fault: fault("answer-held"), stage: "active" }, afterMs: random.integer(300, 500) },
    },
  ],
  claims: ({ fault }) => [
    {
      id: "progress",
      statement: `After a client's crash the next one gets the lock within the time to live (${TTL_MS} ms, and ${GRACE_MS} ms of grace).`,
      source: LOCK_PAGE,
      checker: "lock-progress",
      options: { boundMs: TTL_MS + GRACE_MS, afterFault: fault("crash") },
      brokenBy: ["setnx-then-expire", "no-ttl"],
    },
  ],
});
