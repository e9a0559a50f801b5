/**
 * What was done under the faults of a run. A claim that nothing contradicts has held only if operations that put it to
 * the test succeeded from each fault's beginning on: a lock that nobody gets is never held twice.
 *
 * An operation counts for a fault when it ended after the fault was seen to act, and either began after the injection
 * or ended long after it: no answer counts that was on its way when the fault began. What ended before the heal began
 * was done `during` the fault, what ended later `after` it. Where the exercise asks for new holders, what is done with
 * a lock counts only where its acquire counts. O(operations × faults).
 */
import type { History } from "../../history/history.ts";
import type { Json, Operation } from "../../history/operation.ts";
import type { ClaimNeeds } from "../../history/plan.ts";
import { fieldOf } from "../../history/vocabulary/read.ts";
import type { Exercise, ExerciseEnd } from "./exercise.ts";
import { counts } from "./exercise.ts";
import type { FaultRecord } from "./faults.ts";
import { faultsOf, wasSuspended } from "./faults.ts";
import type { Span } from "./phases.ts";
import { loadPhase, phaseStart } from "./phases.ts";
import { fromMs, who } from "./words.ts";

/** No answer is on its way for longer, unless something holds it up. */
const ON_ITS_WAY_NS = fromMs(1_000);

export interface Coverage {
  /** How an operation had to end to count. */
  readonly end: ExerciseEnd;
  /** What was done with a lock counts only where the lock was got under the fault, too. */
  readonly byNewHolders?: boolean;
  /** The whole load, whatever went wrong in it. */
  readonly load: Stretch;
  /** For each fault that acted and could strike the judged workers, in the order in which they began. */
  readonly faults: readonly FaultCoverage[];
}

export interface FaultCoverage {
  readonly fault: string;
  readonly title: string;
  readonly during: Stretch;
  /** Absent where it lasted until the end. */
  readonly after?: Stretch;
}

/** A span of time, in nanoseconds since the start of the run, and what was done in it. */
export interface Stretch extends Span {
  readonly kinds: readonly KindCount[];
}

export interface KindCount {
  /** The operation's name, such as `acquire`. */
  readonly f: string;
  /** How many began. */
  readonly tried: number;
  /** How many were open when the span began. */
  readonly open: number;
  /** How many ended as the claim needs it. */
  readonly counted: number;
  /** The same for each worker that tried. */
  readonly workers: { readonly [worker: string]: number };
}

/**
 * @param isAbout whether a fault can strike what is judged; not asked where the exercise names the only fault that
 * counts
 */
export function coverageOf(history: History, exercise: Exercise, isAbout: (fault: string) => boolean): Coverage {
  const { f } = exercise;
  const load = loadPhase(history);
  const end = exercise.until === "load" ? load.to : (phaseStart(history, "final") ?? load.to);
  const tried = history.operations.filter(
    (operation) =>
      (f === undefined || f.includes(operation.f)) && operation.invoke.time >= load.from && operation.invoke.time < end,
  );
  const names = f ?? [...new Set(tried.map((operation) => operation.f))].sort();
  const faults = faultsOf(history);
  const acquireOf = exercise.byNewHolders === true ? acquires(history) : undefined;
  const within = (span: Span, since: number, active: number): Stretch => {
    const isOf = (operation: Operation): boolean => beganUnder(operation, since, faults);
    const looked = tried.filter((operation) => {
      const acquire = acquireOf?.(operation);
      return acquire === undefined || (isOf(acquire) && (acquire.completion?.time ?? Infinity) >= active);
    });
    return { ...span, kinds: names.map((name) => countOf(name, span, isOf, looked, exercise)) };
  };
  const injected = [...faults.values()].filter(
    ({ id, from }) => from < end && (exercise.fault === undefined ? isAbout(id) : id === exercise.fault),
  );
  return {
    end: exercise.end,
    ...(exercise.byNewHolders === true ? { byNewHolders: true } : {}),
    load: within({ from: load.from, to: end }, load.from, load.from),
    faults: injected
      .sort((a, b) => a.from - b.from)
      .map((fault): FaultCoverage => {
        const [active, heal] = [actingFrom(fault), Math.min(healingFrom(fault), end)];
        const during = within({ from: Math.min(active, heal), to: heal }, fault.from, active);
        const told = { fault: fault.id, title: fault.title, during };
        return heal < end ? { ...told, after: within({ from: heal, to: end }, fault.from, active) } : told;
      }),
  };
}

/** Finds the acquire that got the lock under which an operation was done; undefined where it names no such lock. */
function acquires(history: History): (operation: Operation) => Operation | undefined {
  const byGrant = new Map<Json, Operation>();
  for (const operation of history.operations) {
    const { completion } = operation;
    const grant = operation.f === "acquire" && completion?.type === "ok" ? fieldOf(completion, "grant") : undefined;
    if (grant !== undefined) byGrant.set(grant, operation);
  }
  return ({ invoke }) => byGrant.get(fieldOf(invoke, "grant") ?? null);
}

function actingFrom({ stages, from }: FaultRecord): number {
  return stages.get("active")?.event.time ?? from;
}

function healingFrom({ stages, to }: FaultRecord): number {
  return stages.get("heal")?.event.time ?? to;
}

/** Whether an operation did not only hear, after that moment, what had been decided before. */
function beganUnder(
  { invoke, completion }: Operation,
  since: number,
  faults: ReadonlyMap<string, FaultRecord>,
): boolean {
  if (invoke.time >= since) return true;
  if (completion === undefined || completion.time < since + ON_ITS_WAY_NS) return false;
  // A client that was stopped hears late what had come in time.
  return !wasSuspended(faults, who(invoke), since, completion.time);
}

/** @param isOf whether an operation that ended in the span may count */
function countOf(
  f: string,
  { from, to }: Span,
  isOf: (operation: Operation) => boolean,
  operations: readonly Operation[],
  exercise: Exercise,
): KindCount {
  const workers: { [worker: string]: number } = {};
  let [tried, open, counted] = [0, 0, 0];
  for (const operation of operations) {
    if (operation.f !== f) continue;
    const { invoke, completion } = operation;
    if (invoke.time >= to || (completion !== undefined && completion.time < from)) continue;
    if (invoke.time >= from) tried += 1;
    else open += 1;
    const worker = who(invoke);
    const counting =
      completion !== undefined && completion.time < to && counts(exercise, completion.type) && isOf(operation);
    workers[worker] = (workers[worker] ?? 0) + (counting ? 1 : 0);
    counted += counting ? 1 : 0;
  }
  return { f, tried, open, counted, workers };
}

/** How many of all kinds. */
export function countedIn(stretch: Stretch | undefined): number {
  return (stretch?.kinds ?? []).reduce((sum, { counted }) => sum + counted, 0);
}

export interface Shortfall {
  readonly fault: FaultCoverage;
  readonly part: "during" | "after" | "since";
  readonly counted: number;
  readonly least: number;
}

/** What a claim needs and did not get, for each fault; the first of its parts that fell short. */
export function shortfalls({ faults }: Coverage, needs: ClaimNeeds = {}): Shortfall[] {
  const { during = 0, after = 0, since = 1, except = {} } = needs;
  return faults.flatMap((fault): Shortfall[] => {
    if (except[fault.fault] !== undefined) return [];
    const [soFar, later] = [countedIn(fault.during), countedIn(fault.after)];
    const parts: readonly Shortfall[] = [
      { fault, part: "since", counted: soFar + later, least: since },
      { fault, part: "during", counted: soFar, least: during },
      { fault, part: "after", counted: later, least: after },
    ];
    return parts.filter(({ counted, least }) => counted < least).slice(0, 1);
  });
}
