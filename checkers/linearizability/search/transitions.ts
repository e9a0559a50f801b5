/** The states of a model and what leads from one to another, numbered as they are met and computed once. */
import type { Json } from "../../../history/operation.ts";
import { jsonIdentity } from "../../kit/same-json.ts";
import { isIllegal } from "../model.ts";
import type { Model, Step } from "../model.ts";
import { ABSENT, PairTable } from "../pair-table.ts";

export const ILLEGAL = -1;
const UNKNOWN = -2;
/**
 * With more classes than this, most pairs of a state and a class are never asked for, and a row for each state would be
 * a waste.
 */
const MAX_ROW = 512;
/** A step of the model takes about as long as so many of the search. */
const STEPS_OF_MODEL = 8;

export class Transitions {
  readonly states: unknown[] = [];
  /** About what the states' own texts and objects take. */
  stateBytes = 0;
  /** What the model was asked so far, in steps of the search: large states cost more. */
  steps = 0;
  readonly #model: Model<unknown>;
  readonly #steps: readonly Step[];
  readonly #stateOf = new Map<string | number, number>();
  readonly #rowLength: number;
  #rows: Int32Array;
  readonly #sparse = new PairTable();
  readonly #branches = new Map<number, Map<number, Int32Array>>();

  constructor(model: Model<unknown>, steps: readonly Step[], maxRow = MAX_ROW) {
    this.#model = model;
    this.#steps = steps;
    this.#rowLength = steps.length <= maxRow ? steps.length : 0;
    this.#rows = new Int32Array(this.#rowLength * 16).fill(UNKNOWN);
  }

  get bytes(): number {
    return this.#rows.byteLength + this.#sparse.bytes + this.stateBytes;
  }

  /** The number of a state; equal states have the same. */
  stateNumber(state: unknown): number {
    const identity = this.#model.identity?.(state) ?? jsonIdentity(state as Json);
    if (typeof identity === "string") this.steps += identity.length >>> 4;
    let number = this.#stateOf.get(identity);
    if (number === undefined) {
      number = this.states.push(state) - 1;
      this.#stateOf.set(identity, number);
      this.stateBytes += 64 + (typeof identity === "string" ? identity.length * 2 : 0);
    }
    return number;
  }

  /** The state after an operation of the class, or `ILLEGAL`. */
  next(state: number, kind: number): number {
    if (this.#rowLength === 0) {
      const known = this.#sparse.get(state, kind);
      if (known !== ABSENT) return known;
      const next = this.#step(state, kind);
      this.#sparse.set(state, kind, next);
      return next;
    }
    const place = state * this.#rowLength + kind;
    const known = place < this.#rows.length ? (this.#rows[place] ?? UNKNOWN) : UNKNOWN;
    if (known !== UNKNOWN) return known;
    const next = this.#step(state, kind);
    while (place >= this.#rows.length) this.#grow();
    this.#rows[place] = next;
    return next;
  }

  /** All states that may follow an operation of the class whose outcome is not known. */
  branches(state: number, kind: number): Int32Array {
    let ofState = this.#branches.get(state);
    if (ofState === undefined) this.#branches.set(state, (ofState = new Map<number, Int32Array>()));
    let targets = ofState.get(kind);
    if (targets === undefined) {
      const step = this.#steps[kind];
      const states = step === undefined ? [] : (this.#model.branches?.(this.states[state], step) ?? []);
      this.steps += STEPS_OF_MODEL * (1 + states.length);
      targets = Int32Array.from(new Set(states.map((each) => this.stateNumber(each))));
      ofState.set(kind, targets);
      this.stateBytes += 64 + targets.byteLength;
    }
    return targets;
  }

  /** Why the class is not possible in the state; undefined where it is. */
  reason(state: number, kind: number): string | undefined {
    const step = this.#steps[kind];
    if (step === undefined) return undefined;
    const result = this.#model.step(this.states[state], step);
    return isIllegal(result) ? result.illegal : undefined;
  }

  #step(state: number, kind: number): number {
    const step = this.#steps[kind];
    if (step === undefined) return ILLEGAL;
    this.steps += STEPS_OF_MODEL;
    const result = this.#model.step(this.states[state], step);
    return isIllegal(result) ? ILLEGAL : this.stateNumber(result);
  }

  #grow(): void {
    const rows = new Int32Array(this.#rows.length * 2).fill(UNKNOWN);
    rows.set(this.#rows);
    this.#rows = rows;
  }
}
