/** The faults of a run, as its history tells them. */
import type { History } from "../../history/history.ts";
import type { FaultMoment, FaultStage } from "../../history/nemesis-event.ts";
import { faultMoment } from "../../history/nemesis-event.ts";
import type { HistoryEvent, Operation } from "../../history/operation.ts";
import type { Span } from "./phases.ts";
import { fromMs, listed, moment as written, who } from "./words.ts";

/** More than this in one sentence, and nobody reads it. */
const MAX_TOLD = 3;

export interface FaultRecord {
  readonly id: string;
  /** `pause`, `kill`, `link` … */
  readonly kind: string;
  readonly title: string;
  readonly target: readonly string[];
  /** The moments that the history has of it. */
  readonly stages: ReadonlyMap<FaultStage, { readonly event: HistoryEvent; readonly moment: FaultMoment }>;
  /** When it may first have acted: its `inject`; Infinity when it never did. */
  readonly from: number;
  /** When it certainly acted no more: its `healed`; Infinity when the history does not tell. */
  readonly to: number;
  /**
   * It names workers, and only such as did nothing in this history: those of another lane, whose operations are judged
   * apart.
   */
  readonly elsewhere: boolean;
}

/**
 * Whether a target is a worker of redquake, by its name: one that was killed before it did anything has left nothing
 * else.
 */
export function isWorkerName(name: string): boolean {
  return /^(?:w\d+|reader(?:-\d+)?)$/.test(name);
}

/** All faults that left a moment in the history, by id, in the order of their first moments. */
export function faultsOf(history: History): ReadonlyMap<string, FaultRecord> {
  const stages = new Map<string, Map<FaultStage, { event: HistoryEvent; moment: FaultMoment }>>();
  for (const event of history.nemesis) {
    const moment = faultMoment(event);
    if (moment === undefined) continue;
    const known = stages.get(moment.fault) ?? new Map<FaultStage, { event: HistoryEvent; moment: FaultMoment }>();
    stages.set(moment.fault, known.set(moment.stage, { event, moment }));
  }
  const present = history.workers;
  const faults = new Map<string, FaultRecord>();
  for (const [id, known] of stages) {
    const first = known.get("inject") ?? [...known.values()][0];
    if (first === undefined) continue;
    const workers = first.moment.target.filter((name) => present.has(name) || isWorkerName(name));
    faults.set(id, {
      id,
      kind: first.event.f,
      title: first.moment.title,
      target: first.moment.target,
      stages: known,
      from: known.get("inject")?.event.time ?? Infinity,
      to: known.get("healed")?.event.time ?? Infinity,
      elsewhere: workers.length > 0 && !workers.some((name) => present.has(name)),
    });
  }
  return faults;
}

/** `w1 was paused from 1.210 s to 3.200 s`, or the fault's title with its span. */
export function describeFault(fault: FaultRecord): string {
  const names = listed(fault.target);
  const were = fault.target.length === 1 ? "was" : "were";
  const span =
    fault.to === Infinity ? `from ${written(fault.from)} on` : `from ${written(fault.from)} to ${written(fault.to)}`;
  if (fault.kind === "pause") return `${names} ${were} paused ${span}`;
  if (fault.kind !== "kill") return `the fault “${fault.title}” lasted ${span}`;
  const back = fault.to === Infinity ? undefined : comesBack(fault);
  const end = back === undefined ? "" : ` and ${were} back ${back} at ${written(fault.to)}`;
  return `${names} ${were} killed at ${written(fault.from)}${end}`;
}

/** In which state nodes come back that were killed, as far as the fault tells; undefined for workers, which do not. */
function comesBack({ stages, target }: FaultRecord): string | undefined {
  const detail = { ...stages.get("inject")?.moment.detail, ...stages.get("active")?.moment.detail };
  const { keepData, comesBack: state } = detail;
  if (typeof keepData !== "boolean") return undefined;
  if (!keepData) return `without ${target.length === 1 ? "its" : "their"} data`;
  // A run of an older version, or several nodes in different states.
  return typeof state === "string" ? state : "with what was on disk";
}

/**
 * Faults that were active in a span of time, but not those of another lane: those that hit one of `names` first, then
 * the later ones first.
 */
function faultsDuring(
  faults: ReadonlyMap<string, FaultRecord>,
  from: number,
  to: number,
  names: readonly string[],
): FaultRecord[] {
  const hits = (fault: FaultRecord): number => (fault.target.some((name) => names.includes(name)) ? 0 : 1);
  return [...faults.values()]
    .filter((fault) => !fault.elsewhere && fault.from <= to && fault.to >= from)
    .sort((a, b) => hits(a) - hits(b) || b.from - a.from);
}

/**
 * The end of a sentence: `; w1 was paused …`, or nothing where no fault was active. At most `MAX_TOLD` faults are told.
 */
export function alongside(
  faults: ReadonlyMap<string, FaultRecord>,
  from: number,
  to: number,
  names: readonly string[],
): string {
  const told = faultsDuring(faults, from, to, names).slice(0, MAX_TOLD);
  return told.map((fault) => `; ${describeFault(fault)}`).join("");
}

/**
 * The same, and before those faults such as hit one of `names` later, by `until`: what somebody had begun with then may
 * have ended with them.
 */
export function aroundOrAfter(
  faults: ReadonlyMap<string, FaultRecord>,
  { from, to }: Span,
  until: number,
  names: readonly string[],
): string {
  const later = faultsDuring(faults, to, until, names).filter(({ target }) =>
    target.some((name) => names.includes(name)),
  );
  const told = new Set([...later.toReversed(), ...faultsDuring(faults, from, to, names)]);
  return [...told]
    .slice(0, MAX_TOLD)
    .map((fault) => `; ${describeFault(fault)}`)
    .join("");
}

/**
 * Whether a fault leaves a worker alone: it names other workers and nothing else, or is a fault of links that are
 * theirs. What else names a node may cut off anybody.
 */
export function strikesOnlyOthers({ kind, target, elsewhere }: FaultRecord, worker: string): boolean {
  const workers = target.filter(isWorkerName);
  if (elsewhere || workers.length === 0 || workers.includes(worker)) return elsewhere;
  return kind === "link" || workers.length === target.length;
}

/**
 * From when on nothing can excuse a wait that began at `from`: when the last of the faults was over that acted between
 * then and `to`. A worker that was killed does not come back; what it leaves is for others at once. Infinity where a
 * fault was never over.
 */
export function calmSince(faults: ReadonlyMap<string, FaultRecord>, from: number, to: number): number {
  let since = from;
  for (const fault of faults.values()) {
    const end = fault.kind === "kill" && fault.target.every(isWorkerName) ? actsFrom(fault) : fault.to;
    if (!fault.elsewhere && fault.from <= to && end >= from) since = Math.max(since, end);
  }
  return since;
}

/** When a fault was seen to act. */
export function actsFrom({ stages, from }: FaultRecord): number {
  return stages.get("active")?.event.time ?? from;
}

/** Why a claim about what follows a fault means nothing: the fault never was. Undefined when it was. */
export function neverInjected(fault: FaultRecord | undefined, id: string): string | undefined {
  if (fault !== undefined && fault.from !== Infinity) return undefined;
  return `The fault “${id}” never happened, so nothing could be seen after it.`;
}

/** Faults of one kind that hit a worker (or node), in the order in which they began. */
function hitting(faults: ReadonlyMap<string, FaultRecord>, kind: string, name: string): FaultRecord[] {
  return [...faults.values()]
    .filter((fault) => fault.kind === kind && fault.from !== Infinity && fault.target.includes(name))
    .sort((a, b) => a.from - b.from);
}

/**
 * When a worker could do nothing, although it lived: it was stopped, or its event loop was busy. In the order in which
 * they began.
 */
export function suspensions(faults: ReadonlyMap<string, FaultRecord>, name: string): Span[] {
  const stalls = hitting(faults, "stall", name).map((stall): Span => ({ from: stall.from, to: stallEnd(stall) }));
  return [...hitting(faults, "pause", name), ...stalls].sort((a, b) => a.from - b.from);
}

/**
 * Whether a worker could do nothing for some time between what it began at `began`, and `until`. What had been seen to
 * hold it up before `began` was over by then, however much later the plan saw that: or else it could not have begun
 * anything.
 */
export function wasSuspended(
  faults: ReadonlyMap<string, FaultRecord>,
  name: string,
  began: number,
  until: number,
): boolean {
  const over = new Set(
    ["pause", "stall"]
      .flatMap((kind) => hitting(faults, kind, name))
      .filter(({ stages }) => (stages.get("active")?.event.time ?? Infinity) < began)
      .map(({ from }) => from),
  );
  return suspensions(faults, name).some(({ from, to }) => from <= until && to >= began && !over.has(from));
}

/**
 * A stall ends by itself, however long the plan takes to look: at the latest so long after it was seen to have begun.
 */
function stallEnd(stall: FaultRecord): number {
  const active = stall.stages.get("active");
  const ms = active?.moment.detail?.["ms"];
  if (active === undefined || typeof ms !== "number") return stall.to;
  return Math.min(stall.to, active.event.time + fromMs(ms));
}

/**
 * How long an operation's client waited for it: until its completion, or until the client was killed; Infinity when
 * neither came.
 */
export function openUntil(operation: Operation, faults: ReadonlyMap<string, FaultRecord>): number {
  if (operation.completion !== undefined) return operation.completion.time;
  const killed = hitting(faults, "kill", who(operation.invoke)).find(({ from }) => from >= operation.invoke.time);
  return killed?.from ?? Infinity;
}
