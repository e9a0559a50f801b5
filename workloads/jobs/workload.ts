/**
 * Numbered unique jobs through a queue of BullMQ (https://docs.bullmq.io/): producers add them, workers run them and
 * make a side effect each, and the reader asks in the end what the queue has recorded and which side effects there are.
 * The library is npm's, unchanged, with its own connections and defaults.
 */
import { z } from "zod";
import { pause } from "../../machine/long-timeout.ts";
import type { JobEvents, ListedJob, SideEffect } from "../../history/vocabulary/jobs.ts";
import { JOBS } from "../../history/vocabulary/jobs.ts";
import { bullmqConnection, loadBullmq } from "../clients/bullmq.ts";
import type { BullmqModule, Queue } from "../clients/bullmq.ts";
import { connected } from "../clients/connection.ts";
import { MASTER_NAME } from "../clients/sentinel.ts";
import type { OptionsOf, Workload } from "../role.ts";
import { ms, role, timerMs } from "../role.ts";
import { watchProcess } from "../adapter/watch-process.ts";
import type { LogicalClient, WorkerContext, WorkerSurroundings } from "../workload.ts";
import type { JobRun } from "./job-runs.ts";
import { JobRuns } from "./job-runs.ts";
import { queueLibraryNamed } from "./queue-library.ts";
import { SideEffects } from "../clients/side-effects.ts";

const READS = { reads: true };

/** All states that a job of this workload can be in (https://docs.bullmq.io/guide/architecture). */
const STATES = ["wait", "active", "completed", "failed"];

const SHARED = {
  queue: z.string().describe("the library, such as `bullmq@6.7.0`"),
  channel: z.string().default("orders").describe("the queue's name"),
};
const deadlineMs = ms.default(20_000).describe("how long the library may take to settle anything");

/** A library that ends the process, or leaves an error that does so, is named, and the run decides nothing. */
async function watched(context: WorkerSurroundings, named: string, work: () => Promise<void>): Promise<void> {
  const failure = Promise.withResolvers<never>();
  using _ = watchProcess({ named, note: (text) => context.note(text), fail: failure.reject });
  await Promise.race([work(), failure.promise]);
}

const PRODUCING = {
  ...SHARED,
  everyMs: ms.default(40).describe("the longest pause between two jobs"),
  deadlineMs,
};

const producer = role({ options: PRODUCING, events: { add: JOBS.add } }, (context, options) =>
  watched(context, options.queue, () => produce(context, options)),
);

async function produce(
  context: WorkerContext<Pick<JobEvents, "add">>,
  options: OptionsOf<typeof PRODUCING>,
): Promise<void> {
  const { channel, everyMs } = options;
  const queue = await openQueue(context, options.queue, channel);
  const logical = context.client();
  await context.ready();
  for (let number = 1; !context.loading.aborted; number += 1) {
    const value = { channel, message: `${context.worker}:${number}` };
    await logical.operation(
      "add",
      value,
      async ({ ok }) => {
        const job = await queue.add("job", { message: value.message }, { jobId: `${context.worker}-${number}` });
        return ok({ ...value, id: job.id ?? null });
      },
      { deadlineMs: options.deadlineMs },
    );
    await pause(context.random.integer(0, everyMs));
  }
  await queue.close();
}

const WORKING = {
  ...SHARED,
  workMs: ms.default(4).describe("the longest time before the side effect"),
  lockDurationMs: timerMs.describe("BullMQ's `lockDuration`, which is 30 s there"),
  stalledIntervalMs: timerMs.describe("BullMQ's `stalledInterval`, which is 30 s there"),
  deadlineMs,
};

const worker = role(
  {
    options: WORKING,
    barriers: {
      started: "a worker has begun with a job, and done nothing yet",
      "started-again": "the same, with a job that some worker had begun with before",
      done: "the side effect is made, and the processor has not returned",
    },
    events: { deliver: JOBS.deliver, effect: JOBS.effect, ack: JOBS.ack },
  },
  (context, options) => watched(context, options.queue, () => work(context, options)),
);

async function work(context: WorkerContext<RunEvents>, options: OptionsOf<typeof WORKING>): Promise<void> {
  const { channel, workMs } = options;
  const effects = new SideEffects<SideEffect>(await connected({ ...context.resource, protocol: 3 }), channel);
  const workerOptions = {
    connection: connectionOf(context),
    lockDuration: options.lockDurationMs,
    stalledInterval: options.stalledIntervalMs,
  };
  const runs = new JobRuns(libraryNamed(options.queue), channel, workerOptions, log);
  await runs.ready();
  const logical = context.client();
  await context.ready();
  const closing = aborted(context.settling).then(() => runs.close());
  for (let number = 1; ; number += 1) {
    const run = await nextRun(logical, runs, channel, `${context.worker}-${number}`);
    if (run === undefined) break;
    await context.barrier("started");
    if (run.start !== undefined && run.start > 1) await context.barrier("started-again");
    await pause(context.random.integer(0, workMs));
    await doJob(context, logical, effects, { run, deadlineMs: options.deadlineMs });
  }
  await closing;
}

type RunEvents = Pick<JobEvents, "deliver" | "effect" | "ack">;

interface NamedRun extends JobRun {
  /** What this run alone has for a value. */
  readonly value: JobEvents["effect"]["invoke"];
}

async function nextRun(
  logical: LogicalClient<RunEvents>,
  runs: JobRuns,
  channel: string,
  name: string,
): Promise<NamedRun | undefined> {
  let taken: NamedRun | undefined;
  await logical.operation(
    "deliver",
    { channel },
    async ({ ok, fail }) => {
      const run = await runs.next();
      if (run === undefined) return fail({ channel }, "end");
      const { message, start } = run;
      const value = { channel, message, run: name };
      taken = { ...run, value };
      return ok({ ...value, start: start ?? null });
    },
    READS,
  );
  return taken;
}

async function doJob(
  context: WorkerSurroundings,
  logical: LogicalClient<RunEvents>,
  effects: SideEffects<SideEffect>,
  { run: { value, finish }, deadlineMs: longest }: { readonly run: NamedRun; readonly deadlineMs: number },
): Promise<void> {
  await logical.operation("effect", value, async ({ ok }) => {
    await effects.make({ message: value.message, run: value.run });
    return ok(value);
  });
  await context.barrier("done");
  await logical.operation(
    "ack",
    value,
    async ({ ok, fail, info }) => {
      const settled = await finish({ run: value.run });
      if (settled.kind === "completed") return ok(value);
      return settled.kind === "refused" ? fail(value, settled.error) : info(value, settled.error);
    },
    { deadlineMs: longest },
  );
}

const reader = role(
  { options: SHARED, events: { jobs: JOBS.jobs, effects: JOBS.effects } },
  (context, { queue, channel }) => watched(context, queue, () => readAll(context, queue, channel)),
);

async function readAll(
  context: WorkerContext<Pick<JobEvents, "jobs" | "effects">>,
  library: string,
  channel: string,
): Promise<void> {
  const effects = new SideEffects<SideEffect>(await connected({ ...context.resource, protocol: 3 }), channel);
  const queue = await openQueue(context, library, channel);
  const logical = context.client();
  await context.ready();
  await context.final();
  const asked = { channel };
  await logical.operation("jobs", asked, async ({ ok }) => ok({ channel, jobs: await recorded(queue) }), READS);
  await logical.operation("effects", asked, async ({ ok }) => ok({ channel, effects: await effects.all() }), READS);
  await queue.close();
}

export const jobsWorkload = { name: "jobs", roles: { producer, worker, reader } } as const satisfies Workload;

/** What the queue knows of every job. */
async function recorded(queue: Queue): Promise<ListedJob[]> {
  const byState = await Promise.all(
    STATES.map(async (state) => (await queue.getJobs([state], 0, -1)).map((job) => ({ state, job }))),
  );
  return byState.flat().map(({ state, job }) => ({
    message: (job.data as { message: string }).message,
    state,
    starts: job.attemptsStarted ?? null,
    run: (job.returnvalue as { run: string } | null)?.run ?? null,
  }));
}

async function openQueue(context: WorkerSurroundings, library: string, channel: string): Promise<Queue> {
  const { Queue: BullmqQueue } = libraryNamed(library);
  const queue = new BullmqQueue(channel, { connection: connectionOf(context) });
  // Without a listener an error of a connection ends the process.
  queue.on("error", (error: Error) => log(`bullmq: ${error.message}`));
  await queue.waitUntilReady();
  return queue;
}

function libraryNamed(name: string): BullmqModule {
  return loadBullmq(queueLibraryNamed(name));
}

function connectionOf({ system, nodes }: WorkerSurroundings): object {
  const sentinel = system === "sentinel";
  const endpoints = nodes.filter(({ kind }) => (kind === "sentinel") === sentinel).map(({ proxied }) => proxied);
  return bullmqConnection(endpoints, sentinel ? MASTER_NAME : undefined);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function log(text: string): void {
  process.stderr.write(`${text}\n`);
}
