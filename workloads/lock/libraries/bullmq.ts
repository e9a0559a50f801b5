/**
 * The lock that a worker of `bullmq` (https://docs.bullmq.io/patterns/manually-fetching-jobs) has on the job that it
 * works on: for every key a queue with one job. A client that fetches it holds the lock, and puts it back. A job that
 * is being worked on is fetched by nobody else; when its lock has expired, the check for stalled jobs puts it back.
 *
 * Options: its defaults, except that a job is looked for without blocking, that `lockDuration` is the time to live,
 * that stalled jobs are looked for every 100 ms and not every 30 s, and that a job may stall as often as it likes: by
 * default it may once. It says nothing of a lock between grant and release. Both a release and an extension tell
 * whether the lock was its own. The queue and its job stay: they are what is locked.
 */
import type { Job, Queue, Worker } from "../../clients/bullmq.ts";
import { BULLMQ, BULLMQ_BESIDE, BULLMQ_TRIED, bullmqConnection, loadBullmq } from "../../clients/bullmq.ts";
import type { LockLibrary } from "./library.ts";

const JOB = "job";
const STALLED_INTERVAL_MS = 100;

interface Workplace {
  readonly queue: Queue;
  readonly worker: Worker;
}

export const bullmqJobLock: LockLibrary = {
  name: BULLMQ,
  package: BULLMQ,
  tried: [BULLMQ_TRIED],
  beside: BULLMQ_BESIDE,
  fails: { "leaves-nothing": "the queue and its job stay, as they are what is locked; the lock itself goes" },
  adapter: (installed) => ({
    open({ endpoints, masterName, clientId, log }) {
      const { Queue, Worker } = loadBullmq(installed);
      const connection = bullmqConnection(endpoints, masterName);
      /** By time to live, as that is an option of the worker, and by key. */
      const workplaces = new Map<string, Promise<Workplace>>();
      let tokens = 0;

      async function open(key: string, ttlMs: number): Promise<Workplace> {
        // Names of queues have no colon.
        const name = encodeURIComponent(key);
        const queue = new Queue(name, { connection });
        const worker = new Worker(name, null, {
          connection,
          lockDuration: ttlMs,
          stalledInterval: STALLED_INTERVAL_MS,
          maxStalledCount: Number.MAX_SAFE_INTEGER,
        });
        // Without listeners an error of a connection ends the process.
        for (const each of [queue, worker]) each.on("error", (error: Error) => log(`bullmq: ${error.message}`));
        await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
        await worker.startStalledCheckTimer();
        return { queue, worker };
      }

      return {
        async acquire(key, ttlMs) {
          const place = `${ttlMs} ${key}`;
          const opening = workplaces.get(place) ?? open(key, ttlMs);
          workplaces.set(place, opening);
          const { queue, worker } = await opening;
          tokens += 1;
          const token = `${clientId}:${tokens}`;
          let job = await worker.getNextJob(token, { block: false });
          if (job === undefined) {
            // Somebody has it, or there is none yet, or none any more: then it is added, and else that does nothing.
            await queue.add(JOB, {}, { jobId: JOB });
            job = await worker.getNextJob(token, { block: false });
          }
          return job === undefined ? null : held(job, token);
        },
        async close() {
          const opened = await Promise.all(workplaces.values());
          await Promise.all(opened.flatMap(({ queue, worker }) => [queue.close(), worker.close()]));
          for (const { worker } of opened) await worker.stalledCheckerPromise;
        },
      };
    },
  }),
};

function held(job: Job, token: string) {
  return {
    release: async () => {
      await job.moveToWait(token);
      return true;
    },
    extend: async (ms: number) => (await job.extendLock(token, ms)) === 1,
  };
}
