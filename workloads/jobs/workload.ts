/**
 * Numbered unique jobs through a queue of BullMQ (https://docs.bullmq.io/): producers add them, workers run them and make a side effect each, and the reader asks in
 * the end what the queue has recorded and which side effects there are. The library is npm's, unchanged, with its own connections and defaults.
 *
 * Options: `queue` (`bullmq@6.7.0`), `channel` (the queue's name), `everyMs` (pause of a producer, at most), `workMs` (at most, before the side effect),
 * `lockDurationMs` and `stalledIntervalMs` (BullMQ's `lockDuration` and `stalledInterval`, each 30 s by default), `deadlineMs` (20000: for what the library never settles).
 * Barriers: `started` (a worker has begun with a job, and done nothing yet), `started-again` (the same, with a job that somebody had begun with before),
 * `done` (the side effect is made, and the processor has not returned).
 */
import { pause } from "../../machine/long-timeout.ts";
import type { Json } from "../../history/operation.ts";
import { bullmqConnection, loadBullmq } from "../clients/bullmq.ts";
import type { BullmqModule, Queue } from "../clients/bullmq.ts";
import { connected } from "../clients/connection.ts";
import { MASTER_NAME } from "../clients/sentinel.ts";
import { optionReader } from "../options.ts";
import { watchProcess } from "../lock/watch-process.ts";
import type { Completion, LogicalClient, Role, WorkerContext, Workload } from "../workload.ts";
import type { JobRun } from "./job-runs.ts";
import { JobRuns } from "./job-runs.ts";
import { queueLibraryNamed } from "./queue-library.ts";
import { SideEffects } from "./side-effects.ts";

const DEADLINE_MS = 20_000;
const READS = { reads: true };

/** All states that a job of this workload can be in (https://docs.bullmq.io/guide/architecture). */
const STATES = ["wait", "active", "completed", "failed"];

export const jobsWorkload: Workload = {
  name: "jobs",
  roles: { producer: watched(producer), worker: watched(worker), reader: watched(reader) },
};

/** A library that ends the process, or leaves an error that does so, is named, and the run decides nothing. */
function watched(role: Role): Role {
  return async (context) => {
    const failure = Promise.withResolvers<never>();
    using _ = watchProcess({
      named: optionReader(context.options).text("queue"),
      note: (text) => context.note(text),
      fail: failure.reject,
    });
    await Promise.race([role(context), failure.promise]);
  };
}

async function producer(context: WorkerContext): Promise<void> {
  const options = optionReader(context.options);
  const channel = options.text("channel", "orders");
  const everyMs = options.number("everyMs", 40);
  const deadlineMs = options.number("deadlineMs", DEADLINE_MS);
  const queue = await openQueue(context, channel);
  const logical = context.client();
  await context.ready();
  for (let number = 1; !context.loading.aborted; number += 1) {
    const value = { channel, message: `${context.worker}:${number}` };
    const adding = async (): Promise<Completion> => {
      const job = await queue.add("job", { message: value.message }, { jobId: `${context.worker}-${number}` });
      return { type: "ok", value: { ...value, id: job.id ?? null } };
    };
    await logical.operation("add", value, adding, { deadlineMs });
    await pause(context.random.integer(0, everyMs));
  }
  await queue.close();
}

async function worker(context: WorkerContext): Promise<void> {
  const options = optionReader(context.options);
  const channel = options.text("channel", "orders");
  const effects = new SideEffects(await connected({ ...context.resource, protocol: 3 }), channel);
  const workerOptions = {
    connection: connectionOf(context),
    lockDuration: options.timerMs("lockDurationMs"),
    stalledInterval: options.timerMs("stalledIntervalMs"),
  };
  const runs = new JobRuns(libraryOf(context), channel, workerOptions, log);
  await runs.ready();
  const logical = context.client();
  await context.ready();
  const closing = aborted(context.settling).then(() => runs.close());
  for (let number = 1; ; number += 1) {
    const run = await nextRun(logical, runs, channel, `${context.worker}-${number}`);
    if (run === undefined) break;
    await context.barrier("started");
    if (run.start !== undefined && run.start > 1) await context.barrier("started-again");
    await pause(context.random.integer(0, options.number("workMs", 4)));
    await doJob(context, logical, effects, run);
  }
  await closing;
}

interface NamedRun extends JobRun {
  /** Of this run, unique. */
  readonly value: { readonly channel: string; readonly message: string; readonly run: string };
}

async function nextRun(
  logical: LogicalClient,
  runs: JobRuns,
  channel: string,
  name: string,
): Promise<NamedRun | undefined> {
  let taken: NamedRun | undefined;
  await logical.operation(
    "deliver",
    { channel },
    async () => {
      const run = await runs.next();
      if (run === undefined) return { type: "fail", value: { channel }, error: "end" };
      const { message, start } = run;
      const value = { channel, message, run: name };
      taken = { ...run, value };
      return { type: "ok", value: { ...value, start: start ?? null } };
    },
    READS,
  );
  return taken;
}

async function doJob(
  context: WorkerContext,
  logical: LogicalClient,
  effects: SideEffects,
  { value, finish }: NamedRun,
): Promise<void> {
  await logical.operation("effect", value, async () => {
    await effects.make({ message: value.message, run: value.run });
    return { type: "ok", value };
  });
  await context.barrier("done");
  const completing = async (): Promise<Completion> => {
    const settled = await finish({ run: value.run });
    if (settled.kind === "completed") return { type: "ok", value };
    return { type: settled.kind === "refused" ? "fail" : "info", value, error: settled.error };
  };
  const deadlineMs = optionReader(context.options).number("deadlineMs", DEADLINE_MS);
  await logical.operation("ack", value, completing, { deadlineMs });
}

async function reader(context: WorkerContext): Promise<void> {
  const channel = optionReader(context.options).text("channel", "orders");
  const effects = new SideEffects(await connected({ ...context.resource, protocol: 3 }), channel);
  const queue = await openQueue(context, channel);
  const logical = context.client();
  await context.ready();
  await context.final();
  const asked = { channel };
  await logical.operation(
    "jobs",
    asked,
    async () => ({ type: "ok", value: { channel, jobs: await recorded(queue) } }),
    READS,
  );
  await logical.operation(
    "effects",
    asked,
    async () => ({ type: "ok", value: { channel, effects: await effects.all() } }),
    READS,
  );
  await queue.close();
}

/** What the queue knows of every job. */
async function recorded(queue: Queue): Promise<Json[]> {
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

async function openQueue(context: WorkerContext, channel: string): Promise<Queue> {
  const { Queue: BullmqQueue } = libraryOf(context);
  const queue = new BullmqQueue(channel, { connection: connectionOf(context) });
  // Without a listener an error of a connection ends the process.
  queue.on("error", (error: Error) => log(`bullmq: ${error.message}`));
  await queue.waitUntilReady();
  return queue;
}

function libraryOf(context: WorkerContext): BullmqModule {
  return loadBullmq(queueLibraryNamed(optionReader(context.options).text("queue")));
}

function connectionOf({ system, nodes }: WorkerContext): object {
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
