/**
 * `bullmq` (https://docs.bullmq.io/), as far as it is used here: unchanged, with an ioredis of its own beside it and
 * its own defaults for connections. Its version is named by those who use it.
 */
import type { EventEmitter } from "node:events";
import type { ClientLibrary } from "./client-library.ts";
import { loadClientLibrary } from "./client-library.ts";

export const BULLMQ = "bullmq";

/** The version that the adapters were tried with. */
export const BULLMQ_TRIED = "6.7.0";

/** What BullMQ 6.7.0 is itself tested with. */
export const BULLMQ_BESIDE: readonly string[] = ["ioredis@5.11.1"];

export interface BullmqModule {
  readonly Queue: new (name: string, options: { readonly connection: object }) => Queue;
  readonly Worker: new (name: string, processor: Processor | null, options: WorkerOptions) => Worker;
}

export interface Queue extends EventEmitter {
  waitUntilReady(): Promise<unknown>;
  /** Does nothing when there is a job with that id already. */
  add(name: string, data: object, options: AddOptions): Promise<Job>;
  getJobs(states: readonly string[], start: number, end: number): Promise<Job[]>;
  close(): Promise<void>;
}

interface AddOptions {
  readonly jobId: string;
  /** In milliseconds. */
  readonly delay?: number;
  /** How often it is tried; its default is once. */
  readonly attempts?: number;
}

/** What it returns is the job's result. */
type Processor = (job: Job, token: string | undefined) => Promise<unknown>;

export interface WorkerOptions {
  readonly connection: object;
  /** Its default is 30 s. */
  readonly lockDuration: number;
  /** How often it looks for jobs whose lock has expired; its default is 30 s. */
  readonly stalledInterval: number;
  /** How often a job may be found so before it fails; its default is 1. */
  readonly maxStalledCount?: number;
}

export interface Worker extends EventEmitter {
  waitUntilReady(): Promise<unknown>;
  getNextJob(token: string, options: { readonly block: boolean }): Promise<Job | undefined>;
  startStalledCheckTimer(): Promise<void>;
  /**
   * Not documented: pending while it looks for stalled jobs. After an error it goes on in 5 s, and notices only then
   * that the worker was closed.
   */
  readonly stalledCheckerPromise?: Promise<void>;
  close(): Promise<void>;
}

export interface Job {
  readonly id?: string;
  readonly data: unknown;
  readonly returnvalue: unknown;
  /** How often a worker has started on it, by the queue's own count; version 1 does not count. */
  readonly attemptsStarted?: number;
  getState(): Promise<string>;
  /** @returns 1 when it was extended. */
  extendLock(token: string, ms: number): Promise<number>;
  /** Back to those that wait. @throws when the lock is not the token's any more. */
  moveToWait(token: string): Promise<unknown>;
}

/**
 * What connections are made with: one server, or sentinels that name the primary.
 * @throws RangeError when there is no server.
 */
export function bullmqConnection(endpoints: readonly Place[], masterName: string | undefined): object {
  if (masterName !== undefined) return { sentinels: [...endpoints], name: masterName };
  const [server] = endpoints;
  if (server === undefined) throw new RangeError("there is no server to connect to");
  return { ...server };
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** @throws Error when it has not been installed. */
export function loadBullmq(installed: ClientLibrary): BullmqModule {
  return loadClientLibrary(installed) as BullmqModule;
}
