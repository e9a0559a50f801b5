/** What the coordinator and a worker say to each other over the IPC channel. */
import type { ClientProfile, SystemPlan } from "../../history/plan.ts";
import type { Json } from "../../history/operation.ts";
import type { NodeAddress } from "../../workloads/workload.ts";

/** Everything that a worker needs to know. */
export interface WorkerSetup {
  readonly worker: string;
  /** Modules with kinds of the user's own. */
  readonly modules: readonly string[];
  readonly workload: string;
  readonly role: string;
  readonly options: { readonly [key: string]: Json };
  readonly profile: ClientProfile;
  readonly system: SystemPlan["kind"];
  readonly seed: number;
  /** First process number of this worker, and the step to its next ones. */
  readonly firstProcess: number;
  readonly processStep: number;
  readonly nodes: readonly NodeAddress[];
  readonly resource: { readonly host: string; readonly port: number };
  readonly historyFile: string;
  /** The start of the run on CLOCK_MONOTONIC, in nanoseconds, as text: IPC carries no bigint. */
  readonly origin: string;
}

export type ToWorker =
  | { readonly kind: "setup"; readonly setup: WorkerSetup }
  | { readonly kind: "load" }
  | { readonly kind: "end-load" }
  | { readonly kind: "end-settle" }
  | { readonly kind: "final" }
  /** The worker waits at the given arrival at a point, counted from now. */
  | { readonly kind: "arm"; readonly id: number; readonly point: string; readonly occurrence: number }
  | { readonly kind: "proceed"; readonly id: number }
  | { readonly kind: "clock"; readonly id: number }
  /** Keep the event loop busy for so many milliseconds. */
  | { readonly kind: "stall"; readonly id: number; readonly ms: number };

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "arrived"; readonly id: number }
  /** What was armed will not be arrived at. */
  | { readonly kind: "unreachable"; readonly id: number; readonly why: string }
  | { readonly kind: "clock"; readonly id: number; readonly now: number }
  /** Its event loop is busy from now on. */
  | { readonly kind: "stalling"; readonly id: number }
  /** Completions since the start. */
  | { readonly kind: "operations"; readonly ok: number; readonly fail: number; readonly info: number }
  /** Something that those who watch the run should know. */
  | { readonly kind: "note"; readonly text: string }
  /** Nothing is left to do but the final reads. */
  | { readonly kind: "awaits-final" }
  | { readonly kind: "done" }
  /** The harness failed inside the worker, or the user's adapter did; it ends now. */
  | { readonly kind: "failed"; readonly message: string; readonly by: "harness" | "adapter" };
