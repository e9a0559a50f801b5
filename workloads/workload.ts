/** What a worker's role gets to work with. Each worker is one operating-system process and plays one role. */
import type { ClientProfile, SystemPlan } from "../history/plan.ts";
import type { Json } from "../history/operation.ts";
import type { OperationValues } from "../history/vocabulary/operation-values.ts";
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

/** What a worker knows and is told, whatever it records. */
export interface WorkerSurroundings {
  readonly worker: string;
  readonly options: { readonly [key: string]: Json };
  readonly profile: ClientProfile;
  readonly system: SystemPlan["kind"];
  readonly nodes: readonly NodeAddress[];
  /** The server that no fault touches: the resource that locks protect. */
  readonly resource: { readonly host: string; readonly port: number };
  readonly random: Random;
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

/** The operations that a role records, and their values. */
export type RecordedEvents = { readonly [f: string]: OperationValues };

/** @typeParam Events of a role that names its operations only, their values are any */
export interface WorkerContext<Events extends RecordedEvents = RecordedEvents> extends WorkerSurroundings {
  /** A new logical process; a worker may run several side by side. */
  readonly client: () => LogicalClient<Events>;
}

/** How an operation ended. */
export type Completion<Values extends OperationValues = OperationValues> = Witnessed &
  (
    | {
        readonly type: "ok";
        /** A function is called after the completion was stamped: for values that say how long something is valid. */
        readonly value: Values["ok"] | (() => Values["ok"]);
      }
    | { readonly type: "fail"; readonly value: Values["fail"] | Values["invoke"] }
    | { readonly type: "info"; readonly value: Values["invoke"] }
  );

/** What else is known of an end. */
interface Witnessed {
  readonly error?: string | undefined;
  /** The node that answered, where it is known. */
  readonly node?: string | undefined;
  readonly attempts?: number;
}

/** Makes the ends of an operation. The compiler refuses a value that its vocabulary does not have. */
export interface Ends<Values extends OperationValues> {
  /** A function is called after the completion was stamped. */
  ok(value: Values["ok"] | (() => Values["ok"]), known?: Witnessed): Completion<Values>;
  fail(value: Values["fail"], error: string): Completion<Values>;
  /** @param value what was asked for */
  info(value: Values["invoke"], error: string): Completion<Values>;
}

export interface OperationSettings {
  /** True when the operation changes nothing: an unknown outcome is then a plain failure. Default false. */
  readonly reads?: boolean;
  /** The harness's own deadline, for clients that never settle. Default: none. */
  readonly deadlineMs?: number;
}

/** A single-threaded client: one operation at a time, and after an `info` it goes on as a new process. */
export interface LogicalClient<Events extends RecordedEvents = RecordedEvents> {
  /**
   * Records the invocation, runs `body`, records how it ended. An error that `body` throws becomes `fail` or `info` by
   * the table in `outcomes.ts`; its value is then the invocation's, and its node the error's `node`.
   */
  readonly operation: <F extends keyof Events & string>(
    f: F,
    value: Events[F]["invoke"],
    body: (end: Ends<Events[F]>) => Promise<Completion<Events[F]>>,
    settings?: OperationSettings,
  ) => Promise<RecordedCompletion<Events[F]>>;
}

/** A completion as it was recorded. */
export type RecordedCompletion<Values extends OperationValues = OperationValues> =
  | { readonly type: "ok"; readonly value: Values["ok"]; readonly error?: string | undefined }
  | {
      readonly type: "fail" | "info";
      readonly value: Values["fail"] | Values["invoke"];
      readonly error?: string | undefined;
    };
