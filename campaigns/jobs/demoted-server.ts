import type { DeclaredFault } from "../declare/declare.ts";
import { campaign } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { goesOn, JOBS_OPTIONS, JOBS_PLAN, noLoss, noPhantom } from "./bullmq.ts";

/** Time enough for the workers to be done with all jobs, and to wait for more. */
const IDLE_MS = 1_500;
const DEMOTED_MS = 1_500;
/** Beyond the demotion itself. */
const GRACE_MS = 5_000;

export const jobsDemotedServer = campaign({
  ...JOBS_PLAN,
  name: "jobs-demoted-server",
  title: "The server of a job queue is made a replica and primary again",
  description:
    "BullMQ's workers have nothing to do, and wait for jobs in a blocking command. Their server becomes a replica for a while, as in a failover that they do not hear of: it ends their wait with the error UNBLOCKED, leaves their connections open, and refuses every write with READONLY. When it is a primary again, the workers have to go on.",
  system: { kind: "single", options: {} },
  options: JOBS_OPTIONS,
  workers: [...workers("producer", 1), ...workers("worker", 2, 2), reader()],
  loadMs: 11_000,
  settleMs: 1_500,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "idle",
      kind: "pause",
      options: { target: "w1" },
      start: { on: { event: "ack", occurrence: random.integer(10, 30) } },
      end: { after: { fault: "demotion", stage: "healed" } },
    },
    {
      id: "demotion",
      kind: "command",
      // Nobody listens there: it keeps its data, and gets none.
      options: {
        target: "n1",
        command: ["REPLICAOF", "127.0.0.1", "1"],
        undo: ["REPLICAOF", "NO", "ONE"],
        expect: "OK",
      },
      start: { after: { fault: "idle", stage: "active" }, afterMs: IDLE_MS },
      end: { afterMs: DEMOTED_MS },
    },
  ],
  claims: [...goesOn(["w2", "w3"], "demotion", DEMOTED_MS + GRACE_MS), noLoss, noPhantom],
});
