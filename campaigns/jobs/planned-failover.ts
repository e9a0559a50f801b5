import type { DeclaredFault } from "../declare/declare.ts";
import { campaign } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { goesOn, JOBS_OPTIONS, JOBS_PLAN, noPhantom } from "./bullmq.ts";

/**
 * For new connections: until it is told that it is a replica, which takes a sentinel ten seconds, the former primary
 * goes on.
 */
const BOUND_MS = 6_000;

export const jobsPlannedFailover = campaign({
  ...JOBS_PLAN,
  name: "jobs-planned-failover",
  title: "A planned failover under a job queue",
  description:
    "An operator tells a sentinel to fail over although nothing is wrong, while BullMQ's workers wait for jobs in a blocking command. When the former primary is made a replica, their connections end; each of them has to find the new primary and go on.",
  system: { kind: "sentinel", options: {} },
  options: { ...JOBS_OPTIONS, everyMs: 200 },
  workers: [...workers("producer", 1), ...workers("worker", 2, 2), reader()],
  loadMs: 20_000,
  settleMs: 1_500,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "failover",
      kind: "sentinel-failover",
      options: {},
      start: { afterMs: random.integer(1_000, 1_500) },
      end: { afterMs: 0 },
    },
  ],
  claims: [...goesOn(["w2", "w3"], "failover", BOUND_MS), noPhantom],
});
