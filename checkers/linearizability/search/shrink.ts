/**
 * From operations that no order makes legal to a few of them that no order makes legal either. They are chosen so that
 * they prove it for all.
 *
 * Not every subset would do: without its write, a read is impossible, and proves nothing. Operations may be taken out
 * when an order of all stays legal without them: those that were invoked after what cannot be placed had completed,
 * those that change nothing, and those that none of the others can have noticed (`Model.lastObservation`). The rest is
 * delta debugging (Zeller and Hildebrandt, 2002): ever smaller chunks are left out as long as no order is legal.
 */
import { classify } from "./classes.ts";
import type { Classes } from "./classes.ts";
import { decide } from "./decide.ts";
import { NEVER } from "../entries.ts";
import type { Effort } from "./effort.ts";
import type { Entries } from "../entries.ts";
import type { Limits } from "../limits.ts";
import type { Json } from "../../../history/operation.ts";
import type { Model } from "../model.ts";
import { problemOf } from "./problem.ts";
import { subsetOf } from "../subset.ts";
import { occurrences } from "./unknown-operations.ts";

/**
 * Laying out an operation for a search, and asking whether it can be taken out, takes about as long as so many steps of
 * the search; long values take longer.
 */
const STEPS_OF_OPERATION = 8;
/** Groups are only looked for among so few operations, since each is compared with each. */
const MAX_GROUPED = 300;

export interface Shrinking {
  readonly model: Model<unknown>;
  readonly init: Json | undefined;
  readonly limits: Limits;
  /** Steps that the verdict took: a part that takes many more is no better a proof. */
  readonly steps: number;
  /** What it may take in all; what is left when it is spent is the witness. */
  readonly effort: Effort;
}

/**
 * @param entries that have no legal order.
 * @param end the event at which it shows: operations that were invoked later make no difference.
 */
export function shrink(entries: Entries, end: number, shrinking: Shrinking): Entries {
  return new Shrinker(entries, shrinking).run(end);
}

class Shrinker {
  readonly #entries: Entries;
  readonly #shrinking: Shrinking;
  readonly #classes: Classes;
  /** Indexes of the entries that are left, rising. */
  #kept: number[];
  /** Steps of each class; see `STEPS_OF_OPERATION`. */
  readonly #stepsOf: readonly number[];

  constructor(entries: Entries, shrinking: Shrinking) {
    this.#entries = entries;
    this.#shrinking = shrinking;
    this.#classes = classify(entries, shrinking.model);
    this.#kept = Array.from({ length: entries.length }, (_, i) => i);
    this.#stepsOf = this.#classes.steps.map((step) => STEPS_OF_OPERATION + (JSON.stringify(step).length >>> 4));
  }

  run(end: number): Entries {
    const { call } = this.#entries;
    const later = this.#kept.filter((i) => (call[i] ?? 0) > end);
    // What was invoked later was never tried before it showed; but a search that looks ahead may have needed it.
    if (this.#shrinking.model.growth !== undefined) this.#try(later);
    else this.#kept = this.#kept.slice(0, this.#kept.length - later.length);
    this.#lastOnes(end);
    this.#withoutIdleUnknowns();
    for (let size = this.#kept.length >>> 1; size > 0; size >>>= 1) this.#chunks(size);
    this.#groups();
    this.#chunks(1);
    return subsetOf(this.#entries, this.#kept);
  }

  #withoutIdleUnknowns(): void {
    const { ret } = this.#entries;
    const unknown = this.#kept.filter((i) => ret[i] === NEVER);
    this.#try(this.#removable(unknown));
  }

  /** Most often, the operation that fits nowhere contradicts a few that were invoked shortly before. */
  #lastOnes(end: number): void {
    const { ret } = this.#entries;
    for (let size = 1; size < this.#kept.length && this.#hasEffort(); size *= 4) {
      const others = this.#kept.slice(0, this.#kept.length - size + 1).filter((i) => ret[i] !== end);
      if (this.#try(this.#removable(others))) return;
    }
  }

  /** From the last to the first, since what shows it stands at the end. */
  #chunks(size: number): void {
    let removed = true;
    while (removed && this.#hasEffort()) {
      removed = false;
      for (let from = Math.floor((this.#kept.length - 1) / size) * size; from >= 0; from -= size)
        if (this.#try(this.#removable(this.#kept.slice(from, from + size)))) removed = true;
      if (size > 1) return;
    }
  }

  /** Operations that can only go together: one, with all that noticed it, and with what noticed those. */
  #groups(): void {
    const { lastObservation } = this.#shrinking.model;
    if (lastObservation === undefined || this.#kept.length > MAX_GROUPED) return;
    const { steps, of } = this.#classes;
    for (const first of this.#kept.toReversed()) {
      if (!this.#kept.includes(first) || !this.#hasEffort()) continue;
      const group = new Set([first]);
      for (const member of group) {
        const step = steps[of[member] ?? 0];
        if (step === undefined || this.#classes.isRead[of[member] ?? 0] === true) continue;
        this.#shrinking.effort.spend(this.#stepsFor(this.#kept));
        if (!this.#hasEffort()) return;
        for (const other of this.#kept) {
          const witness = steps[of[other] ?? 0];
          if (group.has(other) || witness === undefined) continue;
          if (lastObservation([{ step: witness, ret: NEVER }])(step) >= 0) group.add(other);
        }
      }
      this.#try(this.#removable([...group].sort((a, b) => a - b)));
    }
  }

  /** As many of the operations as can be taken out together. */
  #removable(wanted: readonly number[]): number[] {
    const { model } = this.#shrinking;
    const { call } = this.#entries;
    const { steps, of, isRead } = this.#classes;
    if (model.lastObservation === undefined) return wanted.filter((i) => isRead[of[i] ?? 0] === true);
    let removed = [...wanted];
    for (;;) {
      this.#shrinking.effort.spend(this.#stepsFor(this.#kept));
      if (!this.#hasEffort()) return [];
      const without = new Set(removed);
      const rest = subsetOf(
        this.#entries,
        this.#kept.filter((i) => !without.has(i)),
      );
      const all = new Uint8Array(rest.length).fill(1);
      const kinds = Int32Array.from(
        this.#kept.filter((i) => !without.has(i)),
        (i) => of[i] ?? 0,
      );
      const last = model.lastObservation(occurrences(rest, { ...this.#classes, of: kinds }, all));
      const allowed = removed.filter((i) => {
        const kind = of[i] ?? 0;
        const step = steps[kind];
        return isRead[kind] === true || (step !== undefined && last(step) <= (call[i] ?? 0));
      });
      if (allowed.length === removed.length) return removed;
      removed = allowed;
    }
  }

  /** Takes the operations out if the others are still a proof. @returns whether it did. */
  #try(removed: readonly number[]): boolean {
    if (removed.length === 0 || !this.#hasEffort()) return false;
    const without = new Set(removed);
    const rest = this.#kept.filter((i) => !without.has(i));
    const { model, init, limits, steps, effort } = this.#shrinking;
    effort.spend(this.#stepsFor(rest));
    const problem = problemOf(subsetOf(this.#entries, rest), model, init);
    const decision = decide(problem, limits, Math.min(effort.left, 4 * steps + 10_000));
    effort.spend(decision.steps);
    if (decision.outcome !== "illegal") return false;
    this.#kept = rest;
    return true;
  }

  #stepsFor(entries: readonly number[]): number {
    return entries.reduce((steps, i) => steps + (this.#stepsOf[this.#classes.of[i] ?? 0] ?? STEPS_OF_OPERATION), 0);
  }

  #hasEffort(): boolean {
    return !this.#shrinking.effort.isSpent;
  }
}
