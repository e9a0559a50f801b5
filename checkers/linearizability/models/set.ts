/**
 * A set: `add` and `remove` take an element, `contains` takes one and answers true or false, and `read` answers the
 * list of all elements, in any order. What `add` and `remove` answer is not looked at.
 */
import type { Json } from "../../../history/operation.ts";
import { jsonIdentity } from "../../kit/same-json.ts";
import { illegal } from "../model.ts";
import type { Model, Step } from "../model.ts";
import { growOnlySet } from "../special/grow-only-set.ts";
import { setElement } from "../special/set-element.ts";
import { Observations, UNSEEN } from "./observations.ts";

/** The JSON texts of the elements, sorted. */
type State = readonly string[];

function elements(value: Json): State {
  return [...new Set((value as readonly Json[]).map(jsonIdentity))].toSorted();
}

function said({ output }: Step): boolean {
  return output === true;
}

export const set: Model<State> = {
  name: "set",
  operations: ["add", "remove", "contains", "read"],
  values: { brought: ["add"], answered: ["read"] },
  initial(init = null) {
    if (init === null) return [];
    if (!Array.isArray(init))
      throw new TypeError(`a set begins with a list of elements, not with ${JSON.stringify(init)}`);
    return elements(init);
  },
  step(state, step) {
    if (step.f === "read") {
      if (step.output === undefined) return state;
      const read = elements(step.output);
      return read.length === state.length && read.every((each, i) => each === state[i])
        ? state
        : illegal(`it has ${describe(state)}`);
    }
    const element = jsonIdentity(step.input);
    const there = state.includes(element);
    if (step.f === "contains") {
      if (step.output === undefined || said(step) === there) return state;
      return illegal(there ? `${element} is in it` : `${element} is not in it`);
    }
    if (step.f === "add") return there ? state : [...state, element].toSorted();
    return there ? state.filter((each) => each !== element) : state;
  },
  identity: (state) => state.join(),
  misuse({ f, output }) {
    if (output === undefined) return undefined;
    if (f === "contains" && typeof output !== "boolean")
      return `contains answers true or false, and this is ${JSON.stringify(output)}`;
    if (f === "read" && !Array.isArray(output))
      return `a read of a set answers the list of its elements, and this is ${JSON.stringify(output)}`;
    if (f === "read" && elements(output).length !== (output as readonly Json[]).length)
      return `a set has each element once, and this read has one several times: ${JSON.stringify(output)}`;
    return undefined;
  },
  keys: ({ f, input }) => (f === "read" ? undefined : [input]),
  canonical(step) {
    if (step.f === "read") return { ...step, input: null };
    return step.f === "contains" ? step : { ...step, output: undefined };
  },
  isRead: ({ f }) => f === "read" || f === "contains",
  lastObservation(operations) {
    const there = new Observations();
    const absent = new Observations();
    let anything = UNSEEN;
    for (const { step, ret } of operations) {
      if (step.output === undefined) continue;
      if (step.f === "contains") (said(step) ? there : absent).note(step.input, ret);
      if (step.f !== "read") continue;
      anything = Math.max(anything, ret);
      for (const element of step.output as readonly Json[]) there.note(element, ret);
    }
    return ({ f, input }) => {
      if (f === "add") return there.latest(input);
      return f === "remove" ? Math.max(anything, absent.latest(input)) : UNSEEN;
    };
  },
  specialCases: [setElement, growOnlySet],
  growth: {
    resets: ({ f }) => f === "remove",
    canReach(state, { f, input, output }) {
      if (output === undefined) return true;
      if (f === "contains") return output === true || !state.includes(jsonIdentity(input));
      if (f !== "read") return true;
      const read = new Set((output as readonly Json[]).map(jsonIdentity));
      return state.every((each) => read.has(each));
    },
  },
  describe,
};

function describe(state: State): string {
  return `{${state.join(", ")}}`;
}
