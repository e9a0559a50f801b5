/**
 * The plan of a run: everything that was decided before it started, as data. The same campaign with the same
 * seed gives the same plan; a stored plan can be run again.
 */
import type { EventType, Json } from "./operation.ts";

export interface Plan {
  readonly version: 1;
  readonly campaign: string;
  readonly title: string;
  /** Why anybody should care, in one or two sentences. */
  readonly description: string;
  readonly seed: number;
  readonly system: SystemPlan;
  readonly workload: string;
  /** Options of the workload that all its workers share. */
  readonly options: { readonly [key: string]: Json };
  /** `raw`: no resend, no offline queue, no retry. `app`: the client library's defaults. */
  readonly profile: ClientProfile;
  readonly workers: readonly WorkerPlan[];
  readonly loadMs: number;
  /** Time after the heal in which nothing is asked but late deliveries may come in. */
  readonly settleMs: number;
  readonly faults: readonly FaultPlan[];
  readonly claims: readonly Claim[];
  /** Modules with kinds of the user's own: absolute paths. Every process of the run loads them. */
  readonly modules?: readonly string[];
}

export type ClientProfile = "raw" | "app";

export interface SystemPlan {
  readonly kind: "single" | "independent" | "sentinel" | "cluster" | "etcd" | "zookeeper";
  readonly options: { readonly [key: string]: Json };
}

export interface WorkerPlan {
  /** `w1`, `w2` … */
  readonly name: string;
  /** Which of the workload's roles it plays. */
  readonly role: string;
  readonly seed: number;
  readonly options: { readonly [key: string]: Json };
}

export interface FaultPlan {
  readonly id: string;
  /** The kind of fault: the name of a file in `nemesis/faults/`. */
  readonly kind: string;
  readonly options: { readonly [key: string]: Json };
  readonly start: Moment;
  /** Absent: it lasts until everything is healed at the end of the load. */
  readonly end?: Moment;
}

/**
 * A moment of the load phase, described before the run. At least one of the parts is given; they are waited for in this
 * order: `after`, `on`, `afterMs`, `at` (and `and`).
 */
export interface Moment {
  /** Another fault has been observed to act, or to be gone. */
  readonly after?: { readonly fault: string; readonly stage: "active" | "healed" };
  /** Something is seen in the run itself, from then on. */
  readonly on?: Sighting;
  /**
   * Milliseconds to wait then. Without `after` and `on`: since the start of the load for a start, since the fault acted
   * for an end.
   */
  readonly afterMs?: number;
  /** A worker reaches a barrier; it waits there until the fault has acted (or healed) and been probed. */
  readonly at?: Barrier;
  /**
   * With `at` only: these workers reach their barriers too, waited for at the same time; each waits until all are there
   * and the fault has acted.
   */
  readonly and?: readonly Barrier[];
}

export type Sighting = EventSighting | PrimarySighting | ClockSighting;

/** A client records an event, such as the fifth grant: `{ "event": "acquire", "occurrence": 5 }`. */
export interface EventSighting {
  /** The event's `f`. */
  readonly event: string;
  /** Default `ok`. */
  readonly type?: EventType;
  /** Only events of this worker count. */
  readonly worker?: string;
  /** Only events that name this node count. */
  readonly node?: string;
  /** Which one counts, from 1. Default 1. */
  readonly occurrence?: number;
}

/**
 * A node begins to call itself primary: the one that is named here, or `another` than those that did when the waiting
 * began.
 */
export interface PrimarySighting {
  readonly primary: string;
}

/**
 * So many milliseconds have passed by the wall clock of this node or worker, which faults may move: a delay that
 * somebody measures who looks at the time twice.
 */
export interface ClockSighting {
  readonly clock: string;
  readonly passesMs: number;
}

export interface Barrier {
  readonly worker: string;
  /** The name of the place in the workload's code, such as `critical-section`. */
  readonly point: string;
  /** Which arrival counts, from 1, counted from when the barrier is armed. Default 1. */
  readonly occurrence?: number;
  /** How long the worker still waits after the fault has acted. Default 0. */
  readonly holdMs?: number;
  /** The worker waits until this other fault has healed, instead of `holdMs`. */
  readonly holdUntilHealed?: string;
}

export type Standing = "promised" | "hoped";
export type ClaimVerdict = "holds" | "broken" | "vacuous" | "unknown";

/** A promise that the campaign puts to the test. */
export interface Claim {
  readonly id: string;
  /** The promise in one plain sentence. */
  readonly statement: string;
  /** `promised`: documented, must hold. `hoped`: often believed, not promised. */
  readonly standing: Standing;
  /** What a shipped campaign is built to show; absent with a user's own code. */
  readonly expect?: "holds" | "broken";
  /** Who makes (or does not make) the promise: a page or paper. */
  readonly source: string;
  /** The name of the checker in `checkers/registry.ts`, and its options. */
  readonly checker: string;
  readonly options: { readonly [key: string]: Json };
  /** The workers whose operations are judged, where several systems of clients run side by side. Default: all. */
  readonly workers?: readonly string[];
  /**
   * What has to succeed under each fault before the claim can hold. Default: at least one operation that puts it to the
   * test.
   */
  readonly needs?: ClaimNeeds;
}

/**
 * How many operations that put the claim to the test must have succeeded, for each fault that strikes the judged
 * workers.
 */
export interface ClaimNeeds {
  /** While the fault lasted. Default 0. */
  readonly during?: number;
  /** After its heal began, within the load. Default 0. */
  readonly after?: number;
  /** During and after together. Default 1. */
  readonly since?: number;
  /**
   * Faults under which no success is asked for, by id, and why none is right: `"every server is down until the load
   * ends"`.
   */
  readonly except?: { readonly [fault: string]: string };
}
