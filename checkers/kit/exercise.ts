/** What puts a claim to the test: operations without which its checker has nothing to look at. */
import type { EventType, Json } from "../../history/operation.ts";

export interface Exercise {
  /** The operations by their names; undefined: every operation of a client. */
  readonly f: readonly string[] | undefined;
  /**
   * How they must have ended. `succeeded` is `ok`, `refused` is `fail`, `answered` is either, and `tried` is any end.
   */
  readonly end: ExerciseEnd;
  /** Operations count until then: the end of the load, or (what is still on its way may arrive) the final reads. */
  readonly until: "load" | "final";
  /** The only fault that the claim is about, where its options name one. */
  readonly fault?: string;
  /**
   * What a client does with a lock counts only where it got the lock under the fault, too: the last holder from before
   * it meets nobody.
   */
  readonly byNewHolders?: boolean;
}

export type ExerciseEnd = "succeeded" | "refused" | "answered" | "tried";

/** Which exercise the options of a claim ask for. They are those of its checker. */
export type ExerciseOf = (options: { readonly [key: string]: Json }) => Exercise;

const TYPES: Readonly<Record<ExerciseEnd, readonly EventType[]>> = {
  succeeded: ["ok"],
  refused: ["fail"],
  answered: ["ok", "fail"],
  tried: ["ok", "fail", "info"],
};

/** Whether a completion of this type counts. */
export function counts({ end }: Exercise, type: EventType): boolean {
  return TYPES[end].includes(type);
}

/** Always the same, whatever the options. */
export function always(end: ExerciseEnd, f: readonly string[], until: Exercise["until"] = "load"): ExerciseOf {
  return () => ({ f, end, until });
}

/** Successes of the operations that an option names; of all operations where it is left out. */
export function namedBy(option: string, end: ExerciseEnd = "succeeded"): ExerciseOf {
  return ({ [option]: names }) => {
    const f = Array.isArray(names) ? (names as readonly Json[]).map(String) : undefined;
    return { f, end, until: "load", ...(f?.includes("acquire") === true ? { byNewHolders: true } : {}) };
  };
}

/** One exercise for each property that a checker can look at. */
export function byProperty(exercises: { readonly [property: string]: Exercise }, others: Exercise): ExerciseOf {
  return ({ property }) => (typeof property === "string" ? exercises[property] : undefined) ?? others;
}

/** The options in which checkers are told which fault a claim is about. */
const FAULT_OPTIONS = ["fault", "afterFault", "fromFault"];

/** The fault that the options of a claim name. */
export function faultNamedIn(options: { readonly [key: string]: Json }): Pick<Exercise, "fault"> {
  const named = FAULT_OPTIONS.map((option) => options[option]).find((value) => typeof value === "string");
  return named === undefined ? {} : { fault: named };
}
