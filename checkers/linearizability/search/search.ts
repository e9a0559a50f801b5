/**
 * The general search: is there an order of the operations that the model allows, in which none is placed after one that
 * was invoked after its completion?
 *
 * Depth-first over configurations, like Wing and Gong ("Testing and verifying concurrent objects", 1993), never
 * entering one twice, like Lowe ("Testing for linearizability", 2017). A configuration is small because operations are
 * only placed to make room for the first one that completes (Lowe's just-in-time linearization):
 *
 * - `e`, the first rank without a place; all before it have one, and nothing that was invoked after its completion has;
 * - a mask of the operations open at that completion that have a place, and one of those that were absorbed: a write
 *   after whose invocation another write was placed can stand right before that one and change nothing, so it needs no
 *   place of its own by its completion, but may still be given a later one;
 * - how many unknown operations of each class were used;
 * - the state.
 *
 * What is not tried, and why that loses nothing:
 *
 * - An open operation that is possible now and never changes a state is placed at once: wherever an order has it later,
 *   it may as well stand here.
 * - Of open operations of one class only the first to complete is tried: in an order that has them the other way round,
 *   they can be exchanged. One with an unknown outcome counts as completing last.
 * - An unknown operation that changes nothing and absorbs nothing, or after which an operation leads to the state to
 *   which it leads without it: the order without it uses less.
 * - An operation that overwrites and need not be placed yet, or an unknown one, while no open operation could notice
 *   it: what comes next overwrites it, and does so as well without it.
 * - A configuration in which an object has grown past what is still to be read.
 * - A configuration with the state and the mask of an earlier one that had absorbed what this one has placed, and used
 *   no more unknown operations: see `Visited`.
 *
 * Most histories with many unknown operations are decided without counting them (`unlimited`): where no order is legal
 * although each may be used as often as one likes, none is.
 */
import type { Growth } from "../model.ts";
import type { Limits } from "../limits.ts";
import { ABSENT, PairTable } from "../pair-table.ts";
import { BLOCK, NONE } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { ILLEGAL } from "./transitions.ts";
import { UnknownSets } from "./unknown-sets.ts";
import { Visited } from "./visited.ts";

/** Between two looks at the clock. */
const TRIES_PER_LOOK = 1_024;

/** A configuration that could not be left, with the entries that led to it, in order. */
interface Impasse {
  readonly path: readonly number[];
  /** Number of its state. */
  readonly state: number;
  /** Open entries without a place. */
  readonly open: readonly number[];
}

export interface SearchResult {
  readonly outcome: "legal" | "illegal" | "unknown";
  /** Why it is unknown. */
  readonly reason?: string;
  /** Whether it is unknown because of `maxSteps`, so that more would help. */
  readonly gaveUp: boolean;
  /** The greatest `e` of all configurations; the rank that could not be passed, of an illegal one. */
  readonly furthest: number;
  /**
   * How much work it was: what was tried, compared, and asked of the model. Counted instead of timed, so that the same
   * search is always as long.
   */
  readonly steps: number;
  readonly impasses: readonly Impasse[];
}

export interface SearchOptions {
  readonly limits: Limits;
  /**
   * Unknown operations may be used any number of times: `illegal` is then certain, and `legal` only says that the
   * search must count.
   */
  readonly unlimited?: boolean;
  /** Stops with `unknown` after about so many steps. Default: never. */
  readonly maxSteps?: number;
  /** Collects the configurations at this rank. */
  readonly collect?: { readonly rank: number; readonly most: number };
}

export function search(problem: Problem, options: SearchOptions): SearchResult {
  return new Search(problem, options).run();
}

/** Words of a frame: `E` …, then its mask. */
const E = 0;
const STATE = 1;
const VECTOR = 2;
/** What is to be tried next; see `#next`. */
const CURSOR = 3;
/** The rank that was placed to get here, or -2 - k for an unknown operation of class k. */
const MOVE = 4;
/** The state before an unknown operation that was placed last; `NONE` when something was read since. */
const WITHOUT = 5;
/** How long the log of reads was before this frame's. */
const READS_BEFORE = 6;
/** Which of the states after the unknown operation at the cursor is to be tried next. */
const BRANCH = 7;
/** Whether the rank of the move was placed with its effect, or stands where it was absorbed. */
const STAND = 8;
const HEADER = 9;

const EFFECTIVE = 0;
const ABSORBED = 1;

class Search {
  readonly #problem: Problem;
  readonly #options: SearchOptions;
  readonly #sets: UnknownSets;
  readonly #visited: Visited;
  readonly #stride: number;
  readonly #growth: Growth<unknown> | undefined;
  readonly #reachable = new PairTable();
  /** Whether operations of some class overwrite. */
  readonly #overwriting: boolean;
  /** For each state, the unknown classes that are possible in it, but not in every state. */
  readonly #partial: Int32Array[] = [];
  readonly #impasses: Impasse[] = [];
  #frames: Int32Array;
  #reads: Int32Array = new Int32Array(1_024);
  #readCount = 0;
  /** The frame on top. */
  #depth = 0;
  #furthest = 0;
  /** What was tried, in frames and inside them. */
  #tried = 0;
  readonly #askedBefore: number;

  constructor(problem: Problem, options: SearchOptions) {
    this.#problem = problem;
    this.#options = options;
    this.#growth = problem.lookahead === undefined ? undefined : problem.model.growth;
    this.#overwriting = problem.classes.overwrites.includes(true);
    this.#sets = new UnknownSets(problem.unknown.expires);
    this.#visited = new Visited(problem.words, this.#sets);
    this.#stride = HEADER + 2 * problem.words;
    this.#frames = new Int32Array(this.#stride * 256);
    this.#askedBefore = problem.transitions.steps;
  }

  run(): SearchResult {
    const { limits, maxSteps = Infinity, collect, unlimited = false } = this.#options;
    // An object that grows with each of them would grow for ever.
    const maxStates = unlimited ? 2 * this.#problem.classes.steps.length + 64 : Infinity;
    const { count } = this.#problem.known;
    this.#frames[E] = 0;
    this.#frames[STATE] = this.#problem.initial;
    this.#frames[MOVE] = NONE;
    let entered = this.#enter(NONE);
    let nextLook = TRIES_PER_LOOK;
    for (;;) {
      const frame = this.#depth * this.#stride;
      if (entered) {
        const e = this.#frames[frame + E] ?? 0;
        if (e > this.#furthest) this.#furthest = e;
        if (e === count) return this.#result("legal");
        if (collect !== undefined && e === collect.rank) {
          this.#impasses.push(this.#impasse());
          if (this.#impasses.length === collect.most) return this.#result("illegal");
        }
      }
      this.#tried += 1;
      if (this.#tried >= nextLook) {
        nextLook = this.#tried + TRIES_PER_LOOK;
        const reason = limits.exceeded(this.#bytes());
        if (reason !== undefined) return this.#result("unknown", reason);
        if (this.#problem.transitions.states.length > maxStates)
          return this.#result("unknown", "the object has too many states");
        if (this.#steps > maxSteps)
          return { ...this.#result("unknown", `${maxSteps} steps were not enough to decide`), gaveUp: true };
      }
      const moved = this.#next(frame);
      if (moved) {
        entered = this.#enter(frame);
        if (!entered) this.#leave();
        continue;
      }
      if (this.#depth === 0) return this.#result("illegal");
      this.#leave();
      entered = false;
    }
  }

  #result(outcome: SearchResult["outcome"], reason?: string): SearchResult {
    return {
      outcome,
      ...(reason === undefined ? {} : { reason }),
      gaveUp: false,
      furthest: this.#furthest,
      steps: this.#steps,
      impasses: this.#impasses,
    };
  }

  get #steps(): number {
    return this.#tried + this.#visited.compared + this.#problem.transitions.steps - this.#askedBefore;
  }

  #bytes(): number {
    return (
      this.#frames.byteLength +
      this.#reads.byteLength +
      this.#reachable.bytes +
      this.#visited.bytes +
      this.#sets.bytes +
      this.#problem.transitions.bytes
    );
  }

  #leave(): void {
    this.#readCount = this.#frames[this.#depth * this.#stride + READS_BEFORE] ?? 0;
    this.#depth -= 1;
  }

  /**
   * Completes the frame on top: places what can be placed at once, and moves on to the first rank without a place.
   * @returns false when it leads nowhere new.
   */
  #enter(parent: number): boolean {
    const { known, lookahead, transitions } = this.#problem;
    const { count, kind, slot, readStart, reads, total } = known;
    const { words } = this.#problem;
    const frames = this.#frames;
    const frame = this.#depth * this.#stride;
    const mask = frame + HEADER;
    const state = frames[frame + STATE] ?? 0;
    let e = frames[frame + E] ?? 0;
    const began = this.#readCount;
    frames[frame + READS_BEFORE] = began;
    frames[frame + CURSOR] = 0;
    frames[frame + BRANCH] = 0;
    for (;;) {
      while (e < count) {
        const bit = slot[e] ?? 0;
        const word = mask + (bit >>> 5);
        const flag = 1 << (bit & 31);
        const held = frames[word] ?? 0;
        if ((held & flag) === 0) break;
        frames[word] = held & ~flag;
        e += 1;
      }
      if (e === count) break;
      let first = false;
      const end = readStart[e + 1] ?? 0;
      for (let i = readStart[e] ?? 0; i < end; i += 1) {
        const rank = reads[i] ?? 0;
        const bit = slot[rank] ?? 0;
        const word = mask + (bit >>> 5);
        const flag = 1 << (bit & 31);
        const held = frames[word] ?? 0;
        if ((held & flag) !== 0 || transitions.next(state, kind[rank] ?? 0) === ILLEGAL) continue;
        frames[word] = held | flag;
        this.#logRead(rank);
        if (rank === e) first = true;
      }
      if (!first) break;
    }
    const movedOn = e !== frames[frame + E];
    frames[frame + E] = e;
    if (e === count) return true;
    const unknownMove = (frames[frame + MOVE] ?? NONE) <= -2;
    frames[frame + WITHOUT] =
      unknownMove && !movedOn && this.#readCount === began ? (frames[parent + STATE] ?? NONE) : NONE;
    if (lookahead !== undefined) {
      const target = lookahead.target[e] ?? NONE;
      if (target !== NONE && !this.#canReach(state, e, target)) return false;
      const end = readStart[e + 1] ?? 0;
      for (let i = readStart[e] ?? 0; i < end; i += 1) {
        const rank = reads[i] ?? 0;
        const bit = slot[rank] ?? 0;
        if (((frames[mask + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) !== 0) continue;
        if (!this.#canReach(state, e, rank)) return false;
      }
    }
    let vector = frames[frame + VECTOR] ?? 0;
    if (vector !== 0) {
      vector = this.#sets.current(vector, e);
      frames[frame + VECTOR] = vector;
    }
    return this.#visited.add(e, state, frames, mask, total, e * words, vector);
  }

  /** Whether the read with this rank is still possible some time after the state. */
  #canReach(state: number, e: number, rank: number): boolean {
    const { lookahead, known: operations } = this.#problem;
    if ((lookahead?.rescue[rank] ?? NONE) >= e) return true;
    const kind = operations.kind[rank] ?? 0;
    const known = this.#reachable.get(state, kind);
    if (known !== ABSENT) return known === 1;
    const { classes, transitions } = this.#problem;
    const step = classes.steps[kind];
    const can =
      step === undefined || this.#growth === undefined || this.#growth.canReach(transitions.states[state], step);
    this.#reachable.set(state, kind, can ? 1 : 0);
    return can;
  }

  #logRead(rank: number): void {
    if (this.#readCount === this.#reads.length) {
      const larger = new Int32Array(this.#reads.length * 2);
      larger.set(this.#reads);
      this.#reads = larger;
    }
    this.#reads[this.#readCount] = rank;
    this.#readCount += 1;
  }

  /**
   * Pushes a frame for the next thing to try in this one. The cursor counts: first `e` without an effect, where it was
   * absorbed; then `e` itself or, where it is not possible, the open operations that make it so; then the other open
   * ones; then unknown ones that make `e` possible; then the other unknown ones.
   * @returns false when all was tried.
   */
  #next(frame: number): boolean {
    const { classes, known, transitions, unknown, words } = this.#problem;
    const { kind, slot, writeStart, writes, before } = known;
    const frames = this.#frames;
    const mask = frame + HEADER;
    const e = frames[frame + E] ?? 0;
    const state = frames[frame + STATE] ?? 0;
    const without = frames[frame + WITHOUT] ?? NONE;
    const first = kind[e] ?? 0;
    const stuck = transitions.next(state, first) === ILLEGAL;
    const from = writeStart[e] ?? 0;
    const length = (writeStart[e + 1] ?? 0) - from;
    let cursor = frames[frame + CURSOR] ?? 0;
    if (cursor === 0) {
      cursor = 1;
      const bit = slot[e] ?? 0;
      const word = HEADER + (bit >>> 5);
      const flag = 1 << (bit & 31);
      const absorbed = frames[frame + word + words] ?? 0;
      if ((absorbed & flag) !== 0) {
        frames[frame + CURSOR] = 1;
        this.#push(frame, e, state, frames[frame + VECTOR] ?? 0);
        const child = this.#depth * this.#stride;
        this.#frames[child + STAND] = ABSORBED;
        this.#frames[child + word] = (this.#frames[child + word] ?? 0) | flag;
        this.#frames[child + word + words] = absorbed & ~flag;
        return true;
      }
    }
    for (; cursor <= 2 * length; cursor += 1) {
      this.#tried += 1;
      const helpful = cursor <= length;
      const place = from + (helpful ? cursor - 1 : cursor - 1 - length);
      const rank = writes[place] ?? 0;
      const bit = slot[rank] ?? 0;
      if (((frames[mask + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) !== 0) continue;
      const group = kind[rank] ?? 0;
      const next = transitions.next(state, group);
      if (next === ILLEGAL) continue;
      if ((rank === e || (stuck && transitions.next(next, first) !== ILLEGAL)) !== helpful) continue;
      const overwriting = classes.overwrites[group] === true;
      if (without !== NONE && transitions.next(without, group) === next && this.#sameAbsorbed(frame, overwriting))
        continue;
      if (overwriting && rank !== e && !this.#noticeable(frame, e, next, rank)) continue;
      // An absorbed operation of the class need not be placed at all, and is no reason to leave out one that must be.
      const spare = overwriting || ((frames[mask + words + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) !== 0;
      let earlier = before[place] ?? NONE;
      while (earlier !== NONE) {
        const other = slot[writes[earlier] ?? 0] ?? 0;
        const word = mask + (other >>> 5);
        const taken = (frames[word] ?? 0) | (spare ? 0 : (frames[word + words] ?? 0));
        if ((taken & (1 << (other & 31))) === 0) break;
        earlier = before[earlier] ?? NONE;
      }
      if (earlier !== NONE) continue;
      frames[frame + CURSOR] = cursor + 1;
      this.#push(frame, rank, next, frames[frame + VECTOR] ?? 0);
      const child = this.#depth * this.#stride + HEADER + (bit >>> 5);
      this.#frames[child] = (this.#frames[child] ?? 0) | (1 << (bit & 31));
      this.#frames[child + words] = (this.#frames[child + words] ?? 0) & ~(1 << (bit & 31));
      if (overwriting) this.#absorb(e);
      return true;
    }
    if (unknown.count === 0) return false;
    return this.#nextUnknown(frame, cursor - 1 - 2 * length, 1 + 2 * length);
  }

  #nextUnknown(frame: number, begin: number, offset: number): boolean {
    const { classes, known, transitions, unknown } = this.#problem;
    const { unlimited = false } = this.#options;
    const frames = this.#frames;
    const e = frames[frame + E] ?? 0;
    const state = frames[frame + STATE] ?? 0;
    const vector = frames[frame + VECTOR] ?? 0;
    const without = frames[frame + WITHOUT] ?? NONE;
    const active = unknown.active[Math.floor(e / BLOCK)];
    if (active === undefined) return false;
    const first = known.kind[e] ?? 0;
    const end = known.ret[e] ?? 0;
    const stuck = transitions.next(state, first) === ILLEGAL;
    let cursor = begin;
    for (; cursor < 2 * active.length; cursor += 1) {
      this.#tried += 1;
      const helpful: boolean = cursor < active.length;
      const k: number = active[helpful ? cursor : cursor - active.length] ?? 0;
      const group = unknown.kind[k] ?? 0;
      if ((unknown.expires[k] ?? 0) <= e) continue;
      const calls = unknown.calls[k];
      if (calls === undefined || (calls[unlimited ? 0 : this.#sets.used(vector, k)] ?? end) >= end) continue;
      if (unknown.branching) {
        if (helpful || this.#openOfClass(frame, e, group)) continue;
        const branch = frames[frame + BRANCH] ?? 0;
        const target = transitions.branches(state, group)[branch];
        frames[frame + BRANCH] = target === undefined ? 0 : branch + 1;
        if (target === undefined) continue;
        frames[frame + CURSOR] = offset + cursor;
        this.#push(frame, -2 - k, target, unlimited ? 0 : this.#sets.add(vector, k));
        return true;
      }
      const next = transitions.next(state, group);
      const overwriting = classes.overwrites[group] === true;
      if (next === ILLEGAL || (next === state && !(overwriting && this.#absorbsMore(frame, e)))) continue;
      if ((stuck && transitions.next(next, first) !== ILLEGAL) !== helpful) continue;
      if (without !== NONE && transitions.next(without, group) === next && this.#sameAbsorbed(frame, overwriting))
        continue;
      if (this.#openOfClass(frame, e, group) || !this.#noticeable(frame, e, next, NONE)) continue;
      frames[frame + CURSOR] = offset + cursor + 1;
      this.#push(frame, -2 - k, next, unlimited ? 0 : this.#sets.add(vector, k));
      if (overwriting) this.#absorb(e);
      return true;
    }
    frames[frame + CURSOR] = offset + cursor;
    return false;
  }

  /**
   * Whether an operation that can be placed next, other than `itself`, may depend on this state. Where reads are
   * possible that have no place yet, it is they that did not find their value before.
   */
  #noticeable(frame: number, e: number, state: number, itself: number): boolean {
    if (!this.#overwriting) return true;
    const { classes, known, transitions, unknown } = this.#problem;
    const { kind, slot, writeStart, writes, readStart, reads } = known;
    const mask = frame + HEADER;
    const lastRead = readStart[e + 1] ?? 0;
    for (let i = readStart[e] ?? 0; i < lastRead; i += 1) {
      const rank = reads[i] ?? 0;
      const bit = slot[rank] ?? 0;
      if (((this.#frames[mask + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) !== 0) continue;
      if (transitions.next(state, kind[rank] ?? 0) !== ILLEGAL) return true;
    }
    const lastWrite = writeStart[e + 1] ?? 0;
    for (let i = writeStart[e] ?? 0; i < lastWrite; i += 1) {
      const rank = writes[i] ?? 0;
      const group = kind[rank] ?? 0;
      if (rank === itself || classes.overwrites[group] === true) continue;
      const bit = slot[rank] ?? 0;
      if (((this.#frames[mask + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) !== 0) continue;
      if (classes.isTotal[group] === true || transitions.next(state, group) !== ILLEGAL) return true;
    }
    const end = known.ret[e] ?? 0;
    if (unknown.totals.some((k) => (unknown.calls[k]?.[0] ?? end) < end && (unknown.expires[k] ?? 0) > e)) return true;
    for (const k of this.#partialIn(state))
      if ((unknown.calls[k]?.[0] ?? end) < end && (unknown.expires[k] ?? 0) > e) return true;
    return false;
  }

  #partialIn(state: number): Int32Array {
    const known = this.#partial[state];
    if (known !== undefined) return known;
    const { transitions, unknown } = this.#problem;
    const partial = unknown.partials.filter((k) => transitions.next(state, unknown.kind[k] ?? 0) !== ILLEGAL);
    this.#partial[state] = partial;
    return partial;
  }

  /** Right before the overwriting operation that was just placed, all open ones that are always possible can stand. */
  #absorb(e: number): void {
    const { words } = this.#problem;
    const { total } = this.#problem.known;
    const mask = this.#depth * this.#stride + HEADER;
    for (let w = 0; w < words; w += 1)
      this.#frames[mask + words + w] = (total[e * words + w] ?? 0) & ~(this.#frames[mask + w] ?? 0);
  }

  /**
   * Whether an overwriting operation that were placed now would absorb one that is open and was not absorbed before.
   */
  #absorbsMore(frame: number, e: number): boolean {
    const { words } = this.#problem;
    const { total } = this.#problem.known;
    const mask = frame + HEADER;
    for (let w = 0; w < words; w += 1) {
      const settled = (this.#frames[mask + w] ?? 0) | (this.#frames[mask + words + w] ?? 0);
      if (((total[e * words + w] ?? 0) & ~settled) !== 0) return true;
    }
    return false;
  }

  /** Whether the next operation absorbs as much without the unknown one before it. */
  #sameAbsorbed(frame: number, overwriting: boolean): boolean {
    const { classes, unknown } = this.#problem;
    const last = unknown.kind[-2 - (this.#frames[frame + MOVE] ?? NONE)] ?? 0;
    return overwriting || classes.overwrites[last] !== true;
  }

  /** Whether an operation of the class that happened is open and has no place. */
  #openOfClass(frame: number, e: number, group: number): boolean {
    const { kind, slot, writeStart, writes } = this.#problem.known;
    const end = writeStart[e + 1] ?? 0;
    for (let place = writeStart[e] ?? 0; place < end; place += 1) {
      const rank = writes[place] ?? 0;
      if (kind[rank] !== group) continue;
      const bit = slot[rank] ?? 0;
      if (((this.#frames[frame + HEADER + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) === 0) return true;
    }
    return false;
  }

  #push(frame: number, move: number, state: number, vector: number): void {
    this.#depth += 1;
    const child = this.#depth * this.#stride;
    if (child + this.#stride > this.#frames.length) {
      const larger = new Int32Array(this.#frames.length * 2);
      larger.set(this.#frames);
      this.#frames = larger;
    }
    const frames = this.#frames;
    frames.copyWithin(child + HEADER, frame + HEADER, frame + this.#stride);
    frames[child + E] = frames[frame + E] ?? 0;
    frames[child + STATE] = state;
    frames[child + VECTOR] = vector;
    frames[child + MOVE] = move;
    frames[child + STAND] = EFFECTIVE;
  }

  #impasse(): Impasse {
    const { classes, known, unknown } = this.#problem;
    const path: number[] = [];
    const used = new Int32Array(unknown.count);
    let overwriter = NONE;
    for (let depth = 0; depth <= this.#depth; depth += 1) {
      const frame = depth * this.#stride;
      const move = this.#frames[frame + MOVE] ?? NONE;
      const moved = move >= 0 ? known.entry[move] : unknown.entries[-2 - move]?.[used[-2 - move] ?? 0];
      if (move <= -2) used[-2 - move] = (used[-2 - move] ?? 0) + 1;
      if (moved !== undefined && this.#frames[frame + STAND] === ABSORBED) {
        path.splice(overwriter, 0, moved);
        overwriter += 1;
      } else if (moved !== undefined) {
        if (classes.overwrites[classes.of[moved] ?? 0] === true) overwriter = path.length;
        path.push(moved);
      }
      const next = depth === this.#depth ? this.#readCount : this.#frames[frame + this.#stride + READS_BEFORE];
      for (let i = this.#frames[frame + READS_BEFORE] ?? 0; i < (next ?? 0); i += 1)
        path.push(known.entry[this.#reads[i] ?? 0] ?? 0);
    }
    const top = this.#depth * this.#stride;
    const e = this.#frames[top + E] ?? 0;
    const open: number[] = [];
    for (const list of [
      known.writes.subarray(known.writeStart[e], known.writeStart[e + 1]),
      known.reads.subarray(known.readStart[e], known.readStart[e + 1]),
    ]) {
      for (const rank of list) {
        const bit = known.slot[rank] ?? 0;
        if (((this.#frames[top + HEADER + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) === 0)
          open.push(known.entry[rank] ?? 0);
      }
    }
    return { path, state: this.#frames[top + STATE] ?? 0, open: open.sort((a, b) => a - b) };
  }
}
