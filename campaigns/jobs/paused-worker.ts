import type { DeclaredFault } from "../declare/declare.ts";
import { campaign } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { JOBS_OPTIONS, JOBS_PLAN, noLoss, noPhantom, oneEffect, oneResult, runOnce } from "./bullmq.ts";

export const jobsPausedWorker = campaign({
  ...JOBS_PLAN,
  name: "jobs-paused-worker",
  title: "A worker of a job queue is paused in the middle of a job",
  description:
    "A BullMQ worker is stopped when it has begun with a job, for longer than it can keep its lock on it. Another one begins with the same job; just then the first one goes on. Both make the side effect, and both ask for the job's completion.",
  system: { kind: "single", options: {} },
  options: JOBS_OPTIONS,
  // With one worker besides the paused one it is known who gets the job.
  workers: [...workers("producer", 1), ...workers("worker", 2, 2), reader()],
  loadMs: 3_000,
  settleMs: 1_500,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "pause",
      kind: "pause",
      options: { target: "w2" },
      start: { at: { worker: "w2", point: "started", occurrence: random.integer(3, 8) } },
      end: { at: { worker: "w3", point: "started-again" } },
    },
  ],
  claims: [runOnce, oneEffect, oneResult(1), noLoss, noPhantom],
});
