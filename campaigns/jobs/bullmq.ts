/** What the campaigns of BullMQ's job queue have in common. */
import type { CheckerOptionsOf } from "../../checkers/registry.ts";
import type { DeclaredClaim } from "../declare/declare.ts";
import { hoped, promised } from "../declare/declare.ts";
import type { SharedOptions } from "../declare/workers.ts";
import { BULLMQ_NOTES, BULLMQ_RECONNECTS, BULLMQ_RUN_TWICE, BULLMQ_STALLED } from "../declare/sources.ts";

const JOBS = 20;

/** As short as the tests' patience: its defaults are 30 s each. */
const LOCK_DURATION_MS = 1_000;
const STALLED_INTERVAL_MS = 500;

/**
 * When a dead worker's job waits for another one at the latest: its lock is over, and a check for stalled jobs has
 * found it so that the one before had seen at work.
 */
export const STALLED_AFTER_MS = LOCK_DURATION_MS + 2 * STALLED_INTERVAL_MS;

/** A schedule by itself decides what is run; the defaults of the library decide how its connections behave. */
export const JOBS_PLAN = {
  suite: "nightly",
  workload: "jobs",
  profile: "app",
} as const;

export const JOBS_OPTIONS = {
  queue: "bullmq@6.7.0",
  channel: "orders",
  everyMs: 60,
  workMs: 10,
  lockDurationMs: LOCK_DURATION_MS,
  stalledIntervalMs: STALLED_INTERVAL_MS,
} satisfies SharedOptions<"jobs", "producer" | "worker" | "reader">;

const delivery = (property: CheckerOptionsOf<"delivery">["property"]): CheckerOptionsOf<"delivery"> => ({
  send: "add",
  audience: "group",
  property,
  minMessages: JOBS,
});

export const noLoss: DeclaredClaim = promised(
  "no-loss",
  "Every job that was added is run, and completed in the end (at least once).",
  BULLMQ_NOTES,
  "delivery",
  delivery("no-loss"),
);

export const noPhantom: DeclaredClaim = promised(
  "no-phantom",
  "No worker runs a job that nobody added.",
  BULLMQ_NOTES,
  "delivery",
  delivery("no-phantom"),
);

export const runOnce: DeclaredClaim = hoped(
  "run-once",
  "No job is run twice.",
  BULLMQ_RUN_TWICE,
  "delivery",
  delivery("no-duplicate"),
);

export const oneEffect: DeclaredClaim = hoped("one-effect", "A job has one side effect.", BULLMQ_RUN_TWICE, "jobs", {
  property: "one-effect",
  minEffects: JOBS,
});

export function oneResult(minContested: number): DeclaredClaim {
  return promised(
    "one-result",
    "A job has one result: a worker that has lost its lock on the job does not complete it any more.",
    BULLMQ_STALLED,
    "jobs",
    { property: "one-result", minContested },
  );
}

/** One claim for each worker, as others would hide that one of them has stopped. */
export function goesOn(workers: readonly string[], afterFault: string, boundMs: number): DeclaredClaim[] {
  return workers.map((worker) =>
    promised(
      `${worker}-goes-on`,
      `The worker ${worker} gets jobs, and completes them, again after the fault (within ${boundMs} ms).`,
      BULLMQ_RECONNECTS,
      "availability",
      // A worker always waits for one of the two.
      { f: ["deliver", "ack"], workers: [worker], boundMs, afterFault },
    ),
  );
}
