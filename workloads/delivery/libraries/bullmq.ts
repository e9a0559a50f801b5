/** `bullmq` (https://docs.bullmq.io/): a job for each message. With its own defaults, and with short locks. */
import type { AdapterLibrary } from "../../adapter/shelf.ts";
import { BULLMQ, BULLMQ_BESIDE, BULLMQ_TRIED, bullmqConnection, loadBullmq } from "../../clients/bullmq.ts";
import type { Queue } from "../../clients/bullmq.ts";
import type { ClientLibrary } from "../../clients/client-library.ts";
import type { AdapterEnvironment } from "../../adapter/adapter.ts";
import type { DeliveryAdapter, DeliveryClient } from "../adapter.ts";

/** A worker's lock lasts for 30 s, and every 30 s it is looked for jobs whose lock is over. */
const DEFAULTS = { lockDuration: 30_000, stalledInterval: 30_000 };
const SHORT = { lockDuration: 1_000, stalledInterval: 500 };
const GRACE_MS = 1_000;
/** How often a job is tried: by default a job that its processor refuses has failed for good. */
const ATTEMPTS = 5;

export const bullmqQueue: AdapterLibrary<DeliveryAdapter> = bullmqBy(`${BULLMQ}/queue`, DEFAULTS);

export const bullmqShortLocks: AdapterLibrary<DeliveryAdapter> = {
  ...bullmqBy(`${BULLMQ}/queue-short-locks`, SHORT),
  variant: "locks of 1 s instead of 30 s, and five attempts for each job",
};

type Locks = typeof DEFAULTS;

function bullmqBy(name: string, locks: Locks): AdapterLibrary<DeliveryAdapter> {
  return {
    name,
    package: BULLMQ,
    tried: [BULLMQ_TRIED],
    beside: BULLMQ_BESIDE,
    adapter: (installed) => ({
      kind: "delivery",
      contract: "at-least-once",
      systems: ["single", "sentinel"],
      ordered: false,
      delays: true,
      redelivers: locks === SHORT,
      takeoverMs: locks.lockDuration + 2 * locks.stalledInterval + GRACE_MS,
      open: (environment) => Promise.resolve(open(installed, environment, locks)),
    }),
  };
}

function open(installed: ClientLibrary, environment: AdapterEnvironment, locks: Locks): DeliveryClient {
  const { Queue: BullmqQueue, Worker } = loadBullmq(installed);
  const { endpoints, masterName, log } = environment;
  const connection = bullmqConnection(endpoints, masterName);
  const told = (error: Error): void => log(`bullmq: ${error.message}`);
  const queues = new Map<string, Queue>();
  const queueOf = (channel: string): Queue => {
    const known = queues.get(channel);
    if (known !== undefined) return known;
    // A colon is what it separates the parts of its keys by.
    const queue = new BullmqQueue(queueName(channel), { connection });
    queue.on("error", told);
    queues.set(channel, queue);
    return queue;
  };
  let added = 0;
  return {
    publish: async (channel, text, { delayMs }) => {
      added += 1;
      await queueOf(channel).add(
        "message",
        { text },
        {
          jobId: `${environment.clientId}-${added}`,
          ...(delayMs === undefined ? {} : { delay: delayMs }),
          ...(locks === SHORT ? { attempts: ATTEMPTS } : {}),
        },
      );
    },
    consume: async (channel, handler) => {
      const worker = new Worker(
        queueName(channel),
        async (job) => {
          await handler((job.data as { readonly text: string }).text);
        },
        { connection, ...locks },
      );
      worker.on("error", told);
      await worker.waitUntilReady();
      return { stop: () => worker.close() };
    },
    close: async () => {
      for (const queue of queues.values()) await queue.close();
    },
  };
}

function queueName(channel: string): string {
  return channel.replaceAll(":", "-");
}
