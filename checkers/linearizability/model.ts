/**
 * The contract of a model: what an object is when nobody else uses it. Linearizability asks whether the operations of a history could have happened
 * one after the other, each at some moment between its invocation and its completion, so that the model allows every step
 * (Herlihy and Wing, "Linearizability: a correctness condition for concurrent objects", TOPLAS 1990).
 *
 * A register, as an example:
 *
 *     const register: Model<Json> = {
 *       name: "register",
 *       initial: (init) => init ?? null,
 *       step(value, { f, input, output }) {
 *         if (f === "write") return input;
 *         return output === undefined || isDeepStrictEqual(value, output) ? value : illegal(`it holds ${JSON.stringify(value)}`);
 *       },
 *     };
 */
import type { Json } from "../../history/operation.ts";

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

/** Why a step cannot be taken in a state. */
export interface Illegal {
  readonly illegal: string;
}

export function illegal(reason: string): Illegal {
  return { illegal: reason };
}

export interface Model<State> {
  /** Kebab-case, as on the command line. */
  readonly name: string;
  /** The names of the operations that it knows. */
  readonly operations: readonly string[];
  /** The state before anything happened. @throws TypeError when `init` is no state of this model. */
  initial(init: Json | undefined): State;
  /**
   * The state after the step, or why it cannot be taken. Pure. An operation with an unknown outcome must be possible in every state in which it may have happened; that it never happens is
   * taken care of elsewhere.
   */
  step(state: State, step: Step): State | Illegal;
  /**
   * For an operation whose outcome is not known and that may then lead to one of several states, such as a dequeue of some element: all of them.
   * Asked instead of `step` for operations with unknown outcomes; none means that it cannot have happened in this state.
   */
  branches?(state: State, step: Step): readonly State[];
  /** Equal states have equal identities. Default: their JSON text. */
  identity?(state: State): string | number;
  /** Why the value of an operation is not one of this model's, or undefined when it is. Checked before anything else. */
  misuse?(step: Step): string | undefined;
  /**
   * The keys that an operation touches, for an object that is a product of independent ones: operations without a key in common, however indirectly, are judged
   * apart. Undefined: all of them.
   */
  keys?(step: Step): readonly Json[] | undefined;
  /** Steps that depend on who takes them. Default false: equal operations of different processes are then interchangeable. */
  readonly ownerAware?: boolean;
  /** Operations that change no state, whose unknown outcomes can be left out. Default: none. */
  readonly reads?: readonly string[];
  /** The state in a few words, for explanations. Default: its JSON text. */
  describe?(state: State): string;
}
