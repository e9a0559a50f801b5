/**
 * The runs of jobs that BullMQ starts in this process, one at a time: its processor hands each over, and returns when
 * its worker says that the work is done. What becomes of the job then is told by the library's events
 * (https://docs.bullmq.io/guide/events).
 */
import type { Job, Worker, WorkerOptions } from "../clients/bullmq.ts";
import type { BullmqModule } from "../clients/bullmq.ts";

export interface JobRun {
  readonly message: string;
  /**
   * How often somebody has started on the job, this time included, by the queue's own count; undefined where it does
   * not count.
   */
  readonly start: number | undefined;
  /** The processor returns; resolves when BullMQ has said what became of the job. */
  finish(result: object): Promise<Settled>;
}

/**
 * `unknown`: it went on to other work without a word, or its connection was lost meanwhile, so that an earlier attempt
 * may have been carried out.
 */
export type Settled =
  | { readonly kind: "completed" }
  | { readonly kind: "refused"; readonly error: string }
  | { readonly kind: "unknown"; readonly error: string };

/** The script by which a job is completed, as its errors name it. */
const COMPLETION = "moveToFinished";

interface Current {
  readonly id: string;
  readonly settled: PromiseWithResolvers<Settled>;
  /** Whether the processor has returned. */
  finished: boolean;
  connectionLost: boolean;
}

export class JobRuns {
  readonly #worker: Worker;
  readonly #waiting: JobRun[] = [];
  #current: Current | undefined;
  #closed = false;
  #wake: (() => void) | undefined;

  /** @param log hears every error that BullMQ tells. */
  constructor(
    { Worker: BullmqWorker }: BullmqModule,
    queue: string,
    options: WorkerOptions,
    log: (text: string) => void,
  ) {
    this.#worker = new BullmqWorker(queue, (job) => this.#started(job), options);
    this.#worker.on("completed", (job: Job) => {
      if (this.#isCurrent(job)) this.#settle({ kind: "completed" });
    });
    this.#worker.on("failed", (job: Job | undefined, error: Error) => {
      if (this.#isCurrent(job)) this.#settle({ kind: "refused", error: `failed: ${error.message}` });
    });
    this.#worker.on("error", (error: Error) => {
      log(`bullmq: ${error.message}`);
      this.#refused(error);
    });
    this.#worker.on("ioredis:close", () => {
      if (this.#current?.finished === true) this.#current.connectionLost = true;
    });
  }

  async ready(): Promise<void> {
    await this.#worker.waitUntilReady();
  }

  /** The next run; undefined when the worker has been closed and none is left. */
  async next(): Promise<JobRun | undefined> {
    for (;;) {
      const first = this.#waiting.shift();
      if (first !== undefined || this.#closed) return first;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Starts no further job; those that have been started are waited for. */
  async close(): Promise<void> {
    await this.#worker.close();
    this.#closed = true;
    this.#wake?.();
  }

  #started(job: Job): Promise<object> {
    this.#settle({ kind: "unknown", error: "the worker took another job, and did not say what became of this one" });
    const result = Promise.withResolvers<object>();
    const { message } = job.data as { message: string };
    const settled = Promise.withResolvers<Settled>();
    const current: Current = { id: job.id ?? "", settled, finished: false, connectionLost: false };
    this.#current = current;
    this.#waiting.push({
      message,
      start: job.attemptsStarted,
      finish: (value) => {
        current.finished = true;
        result.resolve(value);
        return settled.promise;
      },
    });
    this.#wake?.();
    return result.promise;
  }

  /** A job that has stalled too often fails without having been started. */
  #isCurrent(job: Job | undefined): boolean {
    return this.#current?.finished === true && job?.id === this.#current.id;
  }

  #refused({ message }: Error): void {
    const current = this.#current;
    if (current?.finished !== true || !message.includes(COMPLETION) || !message.includes(`job ${current.id}.`)) return;
    this.#settle(
      current.connectionLost
        ? { kind: "unknown", error: `${message} (the connection was lost before)` }
        : { kind: "refused", error: message },
    );
  }

  #settle(settled: Settled): void {
    this.#current?.settled.resolve(settled);
    this.#current = undefined;
  }
}
