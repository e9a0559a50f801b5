/**
 * Queues: `enqueue` takes an element, `dequeue` answers one, or null when there was none. A dequeue whose outcome is
 * not known may have removed an element that nobody knows of. `fifo-queue` gives out the oldest element,
 * `unordered-queue` any.
 */
import type { Json } from "../../../history/operation.ts";
import { jsonIdentity, sameJson } from "../../kit/same-json.ts";
import { illegal } from "../model.ts";
import type { Model, Occurrence, Step } from "../model.ts";
import { elementCounts } from "../special/element-counts.ts";
import { queuePairs } from "../special/queue-pairs.ts";
import { Observations, UNSEEN } from "./observations.ts";

type State = readonly Json[];

const OPERATIONS: readonly string[] = ["enqueue", "dequeue"];
const VALUES = { brought: ["enqueue"], answered: ["dequeue"] };

function initial(init: Json = null): State {
  if (init === null) return [];
  if (!Array.isArray(init))
    throw new TypeError(`a queue begins with a list of elements, not with ${JSON.stringify(init)}`);
  return init as State;
}

function misuse({ f, input }: Step): string | undefined {
  return f === "enqueue" && input === null
    ? "null cannot be an element of a queue, since a dequeue answers null when there is none"
    : undefined;
}

function canonical(step: Step): Step {
  return step.f === "enqueue" ? { ...step, output: undefined } : { ...step, input: null };
}

/** A dequeue that found nothing changes nothing. */
function isRead({ f, output }: Step): boolean {
  return f === "dequeue" && output === null;
}

/**
 * An enqueue is noticed by the dequeues that answer its element. A dequeue of an element is noticed as long as its
 * element is enqueued, and one of an unknown element by all that answer.
 */
function lastObservation(operations: readonly Occurrence[]): (step: Step) => number {
  const dequeued = new Observations();
  const enqueued = new Observations();
  let answered = UNSEEN;
  for (const { step, ret } of operations) {
    if (step.f === "enqueue") enqueued.note(step.input, Infinity);
    if (step.f !== "dequeue" || step.output === undefined) continue;
    answered = Math.max(answered, ret);
    if (step.output !== null) dequeued.note(step.output, ret);
  }
  return ({ f, input, output }) => {
    if (f === "enqueue") return dequeued.latest(input);
    if (output === undefined) return answered;
    return output === null ? UNSEEN : enqueued.latest(output);
  };
}

function describe(state: State): string {
  return state.length === 0 ? "empty" : JSON.stringify(state);
}

export const fifoQueue: Model<State> = {
  name: "fifo-queue",
  operations: OPERATIONS,
  values: VALUES,
  initial,
  step(state, { f, input, output }) {
    if (f === "enqueue") return [...state, input];
    const [head = null, ...rest] = state;
    if (output === undefined) return rest;
    if (output === null) return state.length === 0 ? state : illegal(`${JSON.stringify(head)} is at its head`);
    if (state.length === 0) return illegal("it is empty");
    return sameJson(head, output) ? rest : illegal(`${JSON.stringify(head)} is at its head`);
  },
  misuse,
  canonical,
  isRead,
  lastObservation,
  specialCases: [queuePairs],
  describe,
};

export const unorderedQueue: Model<State> = {
  name: "unordered-queue",
  operations: OPERATIONS,
  values: VALUES,
  initial: (init) => sorted(initial(init)),
  step(state, { f, input, output }) {
    if (f === "enqueue") return sorted([...state, input]);
    if (output === undefined) return state.slice(1);
    if (output === null) return state.length === 0 ? state : illegal(`it has ${describe(state)}`);
    const place = state.findIndex((each) => sameJson(each, output));
    return place === -1
      ? illegal(`it has ${state.length === 0 ? "nothing" : describe(state)}`)
      : state.toSpliced(place, 1);
  },
  branches(state, step) {
    if (step.f === "enqueue") return [sorted([...state, step.input])];
    return state.flatMap((element, i) =>
      i > 0 && sameJson(element, state[i - 1] ?? null) ? [] : [state.toSpliced(i, 1)],
    );
  },
  misuse,
  keys({ f, input, output }) {
    if (f === "enqueue") return [input];
    return output === undefined || output === null ? undefined : [output];
  },
  canonical,
  isRead,
  lastObservation,
  specialCases: [elementCounts],
  describe,
};

function sorted(state: State): State {
  return state.toSorted((a, b) => {
    const [first, second] = [jsonIdentity(a), jsonIdentity(b)];
    return first < second ? -1 : first > second ? 1 : 0;
  });
}
