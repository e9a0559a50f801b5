/**
 * What the script of the page works on: small facts as JSON, operations and holds as columns. Times are microseconds.
 */

/** One lane of the timeline: a worker, or a logical process where no worker was recorded. */
interface Lane {
  readonly name: string;
  readonly role: string;
  /** Numbers of the logical processes that it ran, in order. */
  readonly processes: readonly number[];
  /** How many operations it ever had open at once: the rows that the lane needs. */
  readonly rows: number;
}

/** One fault on the time axis; a moment is absent when it was never recorded. */
export interface FaultSpan {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly target: readonly string[];
  readonly injectUs: number;
  readonly activeUs?: number;
  readonly healUs?: number;
  readonly healedUs?: number;
}

interface PhaseStart {
  readonly phase: string;
  readonly atUs: number;
}

/** The operations of one finding, by their position in the columns, in the order of time. */
export interface MarkedFinding {
  /** `<claim>.<finding>`, both from 1: the name in the address bar. */
  readonly name: string;
  readonly sentence: string;
  readonly marks: readonly {
    readonly operation: number;
    /** The numbers that its events have in the story, such as `4, 5`. */
    readonly label: string;
  }[];
  readonly fromUs: number;
  readonly toUs: number;
}

/** Where a column's numbers lie: `count` varints, one column after the other, in the order of this list. */
export interface ColumnHeader {
  readonly name: string;
  readonly count: number;
}

export interface PageModel {
  readonly title: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly lanes: readonly Lane[];
  readonly faults: readonly FaultSpan[];
  readonly phases: readonly PhaseStart[];
  readonly findings: readonly MarkedFinding[];
  /** Texts that operations name by their position: entry 0 is "". */
  readonly functions: readonly string[];
  readonly keys: readonly string[];
  readonly errors: readonly string[];
  readonly nodes: readonly string[];
  readonly columns: readonly ColumnHeader[];
}
