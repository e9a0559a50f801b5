/**
 * The contract of a model: what an object is when nobody else uses it. Linearizability asks whether the operations of a
 * history could have happened one after the other, each at some moment between its invocation and its completion, so
 * that the model allows every step (Herlihy and Wing, "Linearizability: a correctness condition for concurrent
 * objects", TOPLAS 1990).
 *
 * A register, as an example:
 *
 *     const register: Model<Json> = {
 *       name: "register",
 *       operations: ["read", "write"],
 *       initial: (init) => init ?? null,
 *       step(value, { f, input, output }) {
 *         if (f === "write") return input;
 *         if (output === undefined || sameJson(value, output)) return value;
 *         return illegal(`it holds ${JSON.stringify(value)}`);
 *       },
 *     };
 */
import type { Json } from "../../history/operation.ts";
import type { Values } from "./prepare/one-shape.ts";
import type { SpecialCase } from "./special/special-case.ts";

/** One operation as a model sees it. */
export interface Step {
  readonly f: string;
  /** The invocation's value. */
  readonly input: Json;
  /** The completion's value; undefined when the outcome is not known: any answer is then possible. */
  readonly output: Json | undefined;
  /** Who did it; for models of objects that know their owner. */
  readonly process: number;
}

/** Why a step cannot be taken in a state; made by `illegal`. */
export class Illegal {
  readonly illegal: string;

  constructor(reason: string) {
    this.illegal = reason;
  }
}

export function illegal(reason: string): Illegal {
  return new Illegal(reason);
}

export function isIllegal(result: unknown): result is Illegal {
  return result instanceof Illegal;
}

/** The operations of one kind in a history, as `Model.lastObservation` is told of them. */
export interface Occurrence {
  readonly step: Step;
  /**
   * Index of the latest completion among those that are equal to `step`; `NEVER` when one of them has an unknown
   * outcome.
   */
  readonly ret: number;
}

/**
 * Only `name`, `operations`, `initial` and `step` are needed; with them alone every verdict is right. The rest says
 * more of the object, so that searches are shorter; what it says must be true.
 */
export interface Model<State> {
  /** Kebab-case, as on the command line. */
  readonly name: string;
  /** The names of the operations that it knows. */
  readonly operations: readonly string[];
  /** The state before anything happened. @throws TypeError when `init` is no state of this model. */
  initial(init: Json | undefined): State;
  /**
   * The state after the step, or why it cannot be taken. Pure. An operation with an unknown outcome must be possible in
   * every state in which it may have changed something; that it never happens is taken care of elsewhere.
   */
  step(state: State, step: Step): State | Illegal;
  /**
   * For an operation whose outcome is not known and that may then lead to one of several states, such as a dequeue of
   * some element: all of them. Asked instead of `step` for operations with unknown outcomes; none means that it cannot
   * have happened in this state.
   */
  branches?(state: State, step: Step): readonly State[];
  /** Equal states have equal identities, and others do not. Default: their JSON text. */
  identity?(state: State): string | number;
  /**
   * Why the value of an operation is not one of this model's, or undefined when it is. Checked before anything else.
   */
  misuse?(step: Step): string | undefined;
  /**
   * The keys that an operation touches, for an object that is a product of independent ones: operations without a key
   * in common, however indirectly, are judged apart. Undefined: all of them.
   */
  keys?(step: Step): readonly Json[] | undefined;
  /**
   * Which operations bring values into the object, and which answer with values in it. A history is refused in which
   * they are answered in another shape than they are asked for. Default: nothing is known.
   */
  readonly values?: Values;
  /**
   * Its own values are `[key, …]`, so that `byKey` says nothing new. Default false: `byKey` takes the key off before
   * the model sees the value.
   */
  readonly isKeyed?: boolean;
  /**
   * Steps that depend on who takes them. Default false: equal operations of different processes are then
   * interchangeable.
   */
  readonly ownerAware?: boolean;
  /**
   * The operation without what `step` does not look at: those that are then equal are interchangeable, even where only
   * some of their outcomes are known.
   */
  canonical?(step: Step): Step;
  /** Whether an operation leaves every state in which it is possible as it is. Default: none does. */
  isRead?(step: Step): boolean;
  /**
   * Who can tell whether an operation happened. Given all operations, it returns a function from an operation to the
   * latest `ret` of those that can; -1 when nobody can. Whatever order of the operations is legal must stay so when
   * some that nobody left can tell of are taken out, all at once. Default: somebody always can.
   */
  lastObservation?(operations: readonly Occurrence[]): (step: Step) => number;
  /** Whether an operation is possible in every state. Default: nobody knows. */
  isTotal?(step: Step): boolean;
  /**
   * Whether an operation is possible in every state and leads to one that does not depend on it. Default: none does.
   */
  overwrites?(step: Step): boolean;
  /** For objects that only grow, such as texts that are appended to. */
  readonly growth?: Growth<State>;
  /** Algorithms that decide some histories of it faster than the search, in the order in which they are tried. */
  readonly specialCases?: readonly SpecialCase[];
  /** The state in a few words, for explanations. Default: its JSON text. */
  describe?(state: State): string;
}

export interface Growth<State> {
  /** Whether an operation may do something else than let the object grow. */
  resets(step: Step): boolean;
  /** Whether an operation can become possible in what the state may grow to. */
  canReach(state: State, step: Step): boolean;
}
