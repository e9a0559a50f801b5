/**
 * What the nemesis writes into a history. All its events have `process: "nemesis"` and `type: "info"`; `f` is the kind
 * of fault (`pause`, `link`, `partition` …), or `phase`, `links`, `unsettled`, `traffic` or `cut-short`.
 */
import type { HistoryEvent, Json } from "./operation.ts";
import { NEMESIS } from "./operation.ts";

/**
 * The moments of one fault, in this order:
 * - `inject`: about to act (recorded before the action, so that a window that starts here contains the fault),
 * - `active`: acted; `probe` says what was observed,
 * - `heal`: about to undo it,
 * - `healed`: undone; `probe` says what was observed,
 * - `not-fired`: the load ended before the planned moment came (`reason` says which moment), or `impossible`: it can
 *   never come with what is tested (`reason` says why).
 */
export type FaultStage = "inject" | "active" | "heal" | "healed" | "not-fired";

/** What a probe did and saw. A fault whose probe is not `ok` proves nothing. */
export interface ProbeResult {
  readonly ok: boolean;
  /** One sentence: what was tried and what was observed. */
  readonly saw: string;
}

/** The value of a fault's event. */
export interface FaultMoment {
  /** The fault's id in the plan. */
  readonly fault: string;
  readonly stage: FaultStage;
  /** What the plan's target resolved to: node and worker names. */
  readonly target: readonly string[];
  /** A few words for people, such as `SIGSTOP w1`. */
  readonly title: string;
  readonly probe?: ProbeResult;
  /** What started or ended it, such as `w1 at critical-section`. */
  readonly trigger?: string;
  readonly reason?: string;
  /** Nobody need look for the moment again: it can never come with what is tested. */
  readonly impossible?: true;
  /** Facts that a checker may need, such as `{ "primary": "n1" }`. */
  readonly detail?: { readonly [key: string]: Json };
}

/** The phases of a run, in order; each has an event `f: "phase"`, value `{ phase }`. */
export const PHASES = ["start", "load", "heal", "probe", "settle", "final", "stop"] as const;
export type Phase = (typeof PHASES)[number];

/** The value of the `f: "links"` event of the phase `probe`: every link was tried after everything had healed. */
export interface LinksProbed {
  readonly links: number;
  /** One sentence for each link that did not work. */
  readonly failed: readonly string[];
}

/**
 * The value of an `f: "unsettled"` event: after everything had been healed, something did not come in time, and the run
 * goes on without it as far as it can. It says something about the system under test.
 */
export interface Unsettled {
  /** Completes the sentence "waited in vain for …". */
  readonly waitedFor: string;
  readonly waitedMs: number;
  /** What there was instead, such as what each node said in the end. */
  readonly saw: string;
}

/** What did not come in time, where an event says so. */
export function unsettledIn(event: HistoryEvent): Unsettled | undefined {
  if (event.process !== NEMESIS || event.f !== "unsettled" || typeof event.value !== "object") return undefined;
  return (event.value ?? undefined) as Unsettled | undefined;
}

/**
 * The value of the `f: "traffic"` event of the phase `settle`: what the links of each worker to the servers under test
 * have carried since the load began.
 */
export interface TrafficCounted {
  /** Bytes that the worker has sent, by its name; redquake's own probes are left out. */
  readonly sent: { readonly [worker: string]: number };
}

/** What the links were after the heal, where an event says so. */
export function linksProbedIn({ process, f, value }: HistoryEvent): LinksProbed | undefined {
  if (process !== NEMESIS || f !== "links" || !isRecord(value)) return undefined;
  const { links, failed } = value;
  return typeof links === "number" && Array.isArray(failed)
    ? { links, failed: failed as readonly string[] }
    : undefined;
}

/** How many bytes the workers sent, where an event says so. */
export function trafficIn({ process, f, value }: HistoryEvent): TrafficCounted | undefined {
  if (process !== NEMESIS || f !== "traffic" || !isRecord(value) || !isRecord(value["sent"] ?? null)) return undefined;
  return value as unknown as TrafficCounted;
}

/** The value of an `f: "cut-short"` event: the run could not go on, and why. It has no `final` phase then. */
interface CutShort {
  readonly reason: string;
}

/** Why the run could not go on, where an event says so. */
export function cutShortReason(event: HistoryEvent): string | undefined {
  if (event.process !== NEMESIS || event.f !== "cut-short") return undefined;
  return (event.value as unknown as CutShort).reason;
}

/** The fault moment in an event, or undefined when the event is something else. */
export function faultMoment(event: HistoryEvent): FaultMoment | undefined {
  if (event.process !== NEMESIS || typeof event.value !== "object" || event.value === null) return undefined;
  return "fault" in event.value && "stage" in event.value ? (event.value as unknown as FaultMoment) : undefined;
}

/** The phase that starts with an event, or undefined when the event is something else. */
export function phaseOf(event: HistoryEvent): Phase | undefined {
  if (event.process !== NEMESIS || event.f !== "phase") return undefined;
  return (event.value as { phase: Phase }).phase;
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
