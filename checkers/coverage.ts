/**
 * What was done under the faults of a run. A claim that nothing contradicts has held only if operations that put it to
 * the test succeeded from each fault's beginning on: a lock that nobody gets is never held twice.
 *
 * An operation counts for a fault when it began after the fault was injected and ended after it was seen to act, so
 * that no answer counts that was on its way before. What ended before the heal began was done `during` the fault, what
 * ended later `after` it. O(operations × faults).
 */
import type { History } from "../history/history.ts";
import type { Operation } from "../history/operation.ts";
import type { ClaimNeeds } from "../history/plan.ts";
import type { Exercise, ExerciseEnd } from "./exercise.ts";
import { counts } from "./exercise.ts";
import type { FaultRecord } from "./faults.ts";
import { faultsOf } from "./faults.ts";
import type { Span } from "./phases.ts";
import { loadPhase, phaseStart } from "./phases.ts";
import { who } from "./words.ts";

export interface Coverage {
  /** How an operation had to end to count. */
  readonly end: ExerciseEnd;
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
  const looked = history.operations.filter(
    (operation) =>
      (f === undefined || f.includes(operation.f)) && operation.invoke.time >= load.from && operation.invoke.time < end,
  );
  const names = f ?? [...new Set(looked.map((operation) => operation.f))].sort();
  const within = (span: Span, since: number): Stretch => ({
    ...span,
    kinds: names.map((name) => countOf(name, span, since, looked, exercise)),
  });
  const injected = [...faultsOf(history).values()].filter(
    ({ id, from }) => from < end && (exercise.fault === undefined ? isAbout(id) : id === exercise.fault),
  );
  return {
    end: exercise.end,
    load: within({ from: load.from, to: end }, load.from),
    faults: injected
      .sort((a, b) => a.from - b.from)
      .map((fault): FaultCoverage => {
        const [active, heal] = [actingFrom(fault), Math.min(healingFrom(fault), end)];
        const during = within({ from: Math.min(active, heal), to: heal }, fault.from);
        const told = { fault: fault.id, title: fault.title, during };
        return heal < end ? { ...told, after: within({ from: heal, to: end }, fault.from) } : told;
      }),
  };
}

function actingFrom({ stages, from }: FaultRecord): number {
  return stages.get("active")?.event.time ?? from;
}

function healingFrom({ stages, to }: FaultRecord): number {
  return stages.get("heal")?.event.time ?? to;
}

/** @param since operations that began earlier do not count, as their answers may have been on their way */
function countOf(
  f: string,
  { from, to }: Span,
  since: number,
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
      invoke.time >= since && completion !== undefined && completion.time < to && counts(exercise, completion.type);
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
