/** What a worker's role gets to work with. Each worker is one operating-system process and plays one role. */
import type { ClientProfile, SystemPlan } from "../history/plan.ts";
import type { Json } from "../history/operation.ts";
import type { NodeKind } from "../hosts/host.ts";
import type { Random } from "../history/random.ts";

/** A node as a worker sees it. */
export interface NodeAddress {
  readonly name: string;
  readonly kind: NodeKind;
  /**
   * The address that the node announces. Connections to it are redirected to the worker's own proxy by the fault shim.
   */
  readonly announced: { readonly host: string; readonly port: number };
  /** This worker's own proxy to the node's service port. */
  readonly proxied: { readonly host: string; readonly port: number };
}

export interface WorkerContext {
  readonly worker: string;
  readonly options: { readonly [key: string]: Json };
  readonly profile: ClientProfile;
  readonly system: SystemPlan["kind"];
  readonly nodes: readonly NodeAddress[];
  /** The server that no fault touches: the resource that locks protect. */
  readonly resource: { readonly host: string; readonly port: number };
  readonly random: Random;
  /** A new logical process; a worker may run several side by side. */
  client(): LogicalClient;
  /** Says that the worker is connected; resolves when the load starts. */
  ready(): Promise<void>;
  /** Aborted when the load ends: start nothing new. */
  readonly loading: AbortSignal;
  /** Aborted when everything has healed and settled: late deliveries end here. */
  readonly settling: AbortSignal;
  /** Resolves when the final reads may be made. */
  final(): Promise<void>;
  /** Tells those who watch the run something that they should know, in one line. */
  readonly note: (text: string) => void;
  /** A place where a fault can be made to strike: waits here when the nemesis wants it. */
  barrier(point: string): Promise<void>;
  /**
   * Says that this worker never gets to a barrier that its workload has, and why: `has a lock that cannot be extended`.
   */
  unreachable(point: string, why: string): void;
}

/** How an operation ended. */
export interface Completion {
  readonly type: "ok" | "fail" | "info";
  /** A function is called after the completion was stamped: for values that say how long something is still valid. */
  readonly value: Json | (() => Json);
  readonly error?: string | undefined;
  /** The node that answered, where it is known. */
  readonly node?: string | undefined;
  readonly attempts?: number;
}

export interface OperationSettings {
  /** True when the operation changes nothing: an unknown outcome is then a plain failure. Default false. */
  readonly reads?: boolean;
  /** The harness's own deadline, for clients that never settle. Default: none. */
  readonly deadlineMs?: number;
}

/** A single-threaded client: one operation at a time, and after an `info` it goes on as a new process. */
export interface LogicalClient {
  /**
   * Records the invocation, runs `body`, records how it ended. An error that `body` throws becomes `fail` or `info` by
   * the table in `outcomes.ts`; its value is then the invocation's, and its node the error's `node`.
   */
  operation(
    f: string,
    value: Json,
    body: () => Promise<Completion>,
    settings?: OperationSettings,
  ): Promise<RecordedCompletion>;
}

/** A completion as it was recorded. */
export interface RecordedCompletion {
  readonly type: "ok" | "fail" | "info";
  readonly value: Json;
  readonly error?: string | undefined;
}
