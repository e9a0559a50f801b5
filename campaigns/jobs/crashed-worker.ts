import type { DeclaredFault } from "../declare/declare.ts";
import { campaign, promised } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { BULLMQ_STALLED } from "../declare/sources.ts";
import { JOBS_OPTIONS, JOBS_PLAN, noLoss, noPhantom, oneEffect, STALLED_AFTER_MS } from "./bullmq.ts";

/** For a busy machine. */
const GRACE_MS = 3_000;

export const jobsCrashedWorker = campaign({
  ...JOBS_PLAN,
  name: "jobs-crashed-worker",
  title: "Workers of a job queue are killed in the middle of jobs",
  description:
    "One of four BullMQ workers is killed when it has begun with a job, and another one when it has made the side effect and not yet said that the job is done. The others begin with these jobs again when their locks are over.",
  system: { kind: "single", options: {} },
  options: JOBS_OPTIONS,
  workers: [...workers("producer", 1), ...workers("worker", 4, 2), reader()],
  loadMs: 3_000,
  settleMs: 4_500,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "crash",
      kind: "kill",
      options: { target: "w2" },
      start: { at: { worker: "w2", point: "started", occurrence: random.integer(3, 8) } },
    },
    {
      id: "late-crash",
      kind: "kill",
      options: { target: "w3" },
      start: { at: { worker: "w3", point: "done", occurrence: random.integer(3, 8) } },
    },
  ],
  claims: [
    takeover("takeover", "crash"),
    takeover("late-takeover", "late-crash"),
    noLoss,
    noPhantom,
    { ...oneEffect, source: BULLMQ_STALLED },
  ],
});

function takeover(id: string, afterFault: string) {
  return promised(
    id,
    `The job of a killed worker is begun again by another one within the lock's duration and two checks for stalled jobs (${STALLED_AFTER_MS} ms, and ${GRACE_MS} ms of grace).`,
    BULLMQ_STALLED,
    "jobs",
    { property: "takeover", afterFault, boundMs: STALLED_AFTER_MS + GRACE_MS },
  );
}
