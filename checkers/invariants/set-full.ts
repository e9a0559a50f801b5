/**
 * A set to which unique elements are added, and which is read as a whole. For every element: was it lost, and how long
 * did reads miss it after it was known to be there?
 *
 * An element is *known* from the moment its add was acknowledged, or a read that found it had ended, whichever came
 * first. It is `lost` when a read that began after that, and after the end of every read that found it, misses it; it
 * is `stale` when such a read misses it, and another one that ended later found it. What overlaps is held against
 * nobody. The last read that misses an element is the first one, counted from the end, before those that have it; so
 * each read costs what it holds.
 */
import { z } from "zod";
import type { Columns } from "../../history/columns/columns.ts";
import type { Json } from "../../history/operation.ts";
import { MisuseError } from "../analysis.ts";
import { PairTable } from "../kit/pair-table.ts";
import { NEVER } from "../linearizability/entries.ts";
import type { Part } from "../linearizability/prepare/prepare.ts";
import { counted, duration } from "../kit/words.ts";
import { invariantChecker, BY_KEY, eventsOfCalls, nameIndex, placeOf, shown, valueOf } from "./invariant.ts";
import type { Findings } from "./invariant.ts";
import { quantiles } from "./quantiles.ts";

const NONE = -1;
/** How many of the stalest elements are named in the figures. */
const WORST = 8;
/** The adds of everything that was read are part of a proof as long as it is so short. */
const MAX_CLOSED = 32;

/**
 * `add` element, `read` → list of all. Options: `byKey`; `linearizable` (default false): an element that a read misses
 * although it was known, and that is found later, is an anomaly too.
 * @throws MisuseError where an element is added twice.
 */
export const setFull = invariantChecker({
  name: "set-full",
  algorithm: "last missing read of each element; exact for what it names",
  options: {
    ...BY_KEY,
    linearizable: z
      .boolean()
      .default(false)
      .describe("An element that a read misses although it was known, and that is found later, is an anomaly, too"),
  },
  operations: () => ["add", "read"],
  values: { brought: ["add"], answered: ["read"] },
  judge(parts, { byKey, linearizable }, findings, columns) {
    const sums = new Sums();
    for (const part of parts) new Elements(part, columns, byKey).report(findings, sums, linearizable);
    const { figures } = sums;
    return {
      figures: figures(),
      holds: `${counted(sums.stable, "element is", "elements are")} there, and none was lost${sums.stale === 0 ? "" : `; reads missed ${sums.stale} of them for a while`}`,
      unknown:
        sums.stable === 0 ? "no read found any element that had been added: nothing can be said of them" : undefined,
    };
  },
});

class Sums {
  attempts = 0;
  acknowledged = 0;
  stable = 0;
  lost = 0;
  neverRead = 0;
  stale = 0;
  readonly stableLatencies: number[] = [];
  readonly lostLatencies: number[] = [];
  readonly worst: { readonly element: Json; readonly ns: number }[] = [];

  readonly figures = (): { [name: string]: Json } => ({
    attempts: this.attempts,
    acknowledged: this.acknowledged,
    stable: this.stable,
    lost: this.lost,
    "never read": this.neverRead,
    stale: this.stale,
    "stable latencies ns": quantiles(this.stableLatencies),
    "lost latencies ns": quantiles(this.lostLatencies),
    "worst stale": this.worst
      .toSorted((a, b) => b.ns - a.ns)
      .slice(0, WORST)
      .map(({ element, ns }) => [element, ns]),
  });
}

class Elements {
  readonly #part: Part;
  readonly #columns: Columns;
  readonly #index: PairTable;
  /** For each element: invocation of its add that did not fail, or `NONE`; and of one that failed. */
  readonly #added: Int32Array;
  readonly #addedRet: Int32Array;
  readonly #failed: Int32Array;
  /** Positions of the elements on the tape. */
  readonly #element: Int32Array;
  /** The successful reads by their invocations: indexes of entries. */
  readonly #reads: Int32Array;
  /** For each element, an index into `reads`: the last one that misses it. */
  readonly #lastAbsent: Int32Array;
  /** For each element, the reads that found it and that ended first and last. */
  readonly #firstPresent: Int32Array;
  readonly #lastPresent: Int32Array;
  /** For each element in several copies, a read that has it so. */
  readonly #duplicated: Int32Array;
  /** Elements that nobody had begun to add: a read that has it, and the position. */
  readonly #unexpected = new Map<number, readonly [read: number, at: number]>();

  constructor(part: Part, columns: Columns, keyed: boolean) {
    this.#part = part;
    this.#columns = columns;
    const { length, f, ret, call, input, failed } = part.entries;
    const add = nameIndex(columns, "add");
    const failedAdds = failed.filter((event) => columns.f[event] === add);
    const room = f.reduce((count, each) => count + (each === add ? 1 : 0), 0) + failedAdds.length;
    this.#index = new PairTable(room);
    const filled = (): Int32Array => new Int32Array(room).fill(NONE);
    this.#added = filled();
    this.#addedRet = filled();
    this.#failed = filled();
    this.#element = filled();
    const reads: number[] = [];
    for (let i = 0; i < length; i += 1) {
      const event = call[i] as number;
      if (f[i] !== add) {
        if (ret[i] !== NEVER) reads.push(i);
        continue;
      }
      const element = this.#number(input[i] as number, event);
      if (this.#added[element] !== NONE)
        throw new MisuseError(
          `set-full needs unique elements: ${shown(columns, input[i] as number)} is added here, and already in event ${this.#added[element]}`,
          event,
          columns,
        );
      this.#added[element] = event;
      this.#addedRet[element] = ret[i] as number;
    }
    for (const event of failedAdds) this.#failed[this.#number(valueOf(columns, event, keyed), event)] = event;
    this.#reads = Int32Array.from(reads);
    this.#lastAbsent = filled().fill(reads.length - 1);
    this.#firstPresent = filled();
    this.#lastPresent = filled();
    this.#duplicated = filled();
    this.#look();
  }

  report(findings: Findings, sums: Sums, linearizable: boolean): void {
    this.#reportStrangers(findings);
    const stale: { readonly element: number; readonly ns: number }[] = [];
    const lost: number[] = [];
    for (let element = 0; element < this.#index.size; element += 1) {
      if (this.#added[element] === NONE) continue;
      sums.attempts += 1;
      if (this.#addedRet[element] !== NEVER) sums.acknowledged += 1;
      const seen = this.#firstPresent[element] !== NONE;
      const known = this.#known(element);
      const absent = this.#lastAbsent[element] as number;
      const absentCall = absent === NONE ? NONE : this.#call(absent);
      const missed = known < absentCall;
      if (missed && (!seen || this.#ret(this.#lastPresent[element] as number) < absentCall)) {
        lost.push(element);
        sums.lost += 1;
        sums.lostLatencies.push(seen ? this.#since(known, this.#ret(this.#lastPresent[element] as number)) : 0);
      } else if (seen) {
        const ns = missed ? this.#since(known, absentCall) : 0;
        sums.stable += 1;
        sums.stableLatencies.push(ns);
        if (!missed) continue;
        sums.stale += 1;
        stale.push({ element, ns });
      } else sums.neverRead += 1;
    }
    for (const element of lost) findings.add("lost", this.#part, () => this.#lostAnomaly(element));
    stale.sort((a, b) => b.ns - a.ns);
    for (const { element, ns } of stale.slice(0, WORST)) {
      sums.worst.push({ element: this.#json(element), ns });
    }
    if (!linearizable) return;
    for (const { element, ns } of stale) findings.add("stale", this.#part, () => this.#staleAnomaly(element, ns));
  }

  /** What should not be in a read: what nobody added, or whose add failed or came later; and what is there twice. */
  #reportStrangers(findings: Findings): void {
    for (const [read, at] of [...this.#unexpected.values()].sort(([a], [b]) => a - b))
      findings.add("unexpected", this.#part, () => ({
        sentence: `${shown(this.#columns, at)} is in a read (${this.#place(read)}), but nobody had added it.`,
        events: this.#events([read], []),
        detail: { element: this.#columns.tape.json(at) },
      }));
    for (let element = 0; element < this.#index.size; element += 1) {
      const first = this.#firstPresent[element] as number;
      const added = this.#added[element] as number;
      if (first !== NONE && added !== NONE && this.#ret(first) < added)
        findings.add("unexpected", this.#part, () => ({
          sentence: `${this.#said(element)} is in a read (${this.#place(first)}) that had ended before its add began (${placeOf(this.#columns, added)}).`,
          events: this.#events([first], [added]),
          detail: { element: this.#json(element) },
        }));
      if (first !== NONE && added === NONE)
        findings.add("failed-but-seen", this.#part, () => ({
          sentence: `${this.#said(element)} is in a read (${this.#place(first)}), but its add failed (${placeOf(this.#columns, this.#failed[element] as number)}).`,
          events: this.#events([first], [this.#failed[element] as number]),
          detail: { element: this.#json(element) },
        }));
      const twice = this.#duplicated[element] as number;
      if (twice !== NONE)
        findings.add("duplicated", this.#part, () => ({
          sentence: `${this.#said(element)} is more than once in a read (${this.#place(twice)}).`,
          events: this.#events([twice], [added === NONE ? (this.#failed[element] as number) : added]),
          detail: { element: this.#json(element) },
        }));
    }
  }

  /** All reads, from the last to the first. */
  #look(): void {
    const { tape } = this.#columns;
    const { output, ret } = this.#part.entries;
    const stamp = new Int32Array(this.#index.size).fill(NONE);
    for (let read = this.#reads.length - 1; read >= 0; read -= 1) {
      const entry = this.#reads[read] as number;
      const list = output[entry] as number;
      if (!tape.isArray(list))
        throw new MisuseError(
          `set-full: a read must have a list of all elements, not ${shown(this.#columns, list)}`,
          ret[entry],
          this.#columns,
        );
      const end = tape.next(list);
      for (let at = tape.first(list); at < end; at = tape.next(at)) {
        this.#requireScalar(at, ret[entry] as number);
        const word = tape.word(at);
        const element = this.#index.get(word, 0);
        if (element === NONE) {
          this.#unexpected.set(word, [read, at]);
          continue;
        }
        if (stamp[element] === read) {
          this.#duplicated[element] = read;
          continue;
        }
        stamp[element] = read;
        if (this.#lastAbsent[element] === read) this.#lastAbsent[element] = read - 1;
        const first = this.#firstPresent[element] as number;
        if (first === NONE || this.#ret(read) < this.#ret(first)) this.#firstPresent[element] = read;
        const last = this.#lastPresent[element] as number;
        if (last === NONE || this.#ret(read) > this.#ret(last)) this.#lastPresent[element] = read;
      }
    }
  }

  #lostAnomaly(element: number): ReturnType<Parameters<Findings["add"]>[2]> {
    const absent = this.#lastAbsent[element] as number;
    const seen = this.#lastPresent[element] as number;
    const last = seen === NONE ? "" : ` The last read that has it had ended before (${this.#place(seen)}).`;
    return {
      sentence: `${this.#said(element)} was lost: ${this.#knownSaid(element)}, and a later read misses it (${this.#place(absent)}).${last}`,
      events: this.#events(
        [absent, ...this.#knownBy(element), ...(seen === NONE ? [] : [seen])],
        [this.#added[element] as number],
      ),
      detail: { element: this.#json(element) },
    };
  }

  #staleAnomaly(element: number, ns: number): ReturnType<Parameters<Findings["add"]>[2]> {
    const absent = this.#lastAbsent[element] as number;
    const seen = this.#lastPresent[element] as number;
    return {
      sentence: `A read (${this.#place(absent)}) misses ${this.#said(element)}, although ${this.#knownSaid(element)} ${duration(ns)} before; it is there again later (${this.#place(seen)}).`,
      events: this.#events([absent, seen, ...this.#knownBy(element)], [this.#added[element] as number]),
      detail: { element: this.#json(element), ns },
    };
  }

  #number(at: number, event: number): number {
    this.#requireScalar(at, event);
    const number = this.#index.getOrSet(this.#columns.tape.word(at), 0, this.#index.size);
    this.#element[number] = at;
    return number;
  }

  #requireScalar(at: number, event: number): void {
    if (!this.#columns.tape.isScalar(at))
      throw new MisuseError(
        `set-full: an element must be a number, a text or another scalar, not ${shown(this.#columns, at)}`,
        event,
        this.#columns,
      );
  }

  /** The event from which on the element is known to be there, or `NEVER`. */
  #known(element: number): number {
    const first = this.#firstPresent[element] as number;
    return Math.min(this.#addedRet[element] as number, first === NONE ? NEVER : this.#ret(first));
  }

  /** The read by which it is known, if it is not the add. */
  #knownBy(element: number): number[] {
    return this.#known(element) === this.#addedRet[element] ? [] : [this.#firstPresent[element] as number];
  }

  #knownSaid(element: number): string {
    const [read] = this.#knownBy(element);
    return read === undefined
      ? `its add had been acknowledged (${placeOf(this.#columns, this.#added[element] as number)})`
      : `a read had found it (${this.#place(read)})`;
  }

  /** Nanoseconds. */
  #since(from: number, to: number): number {
    const { time } = this.#columns;
    return Math.max(0, (time[to] as number) - (time[from] as number));
  }

  #call(read: number): number {
    return this.#part.entries.call[this.#reads[read] as number] as number;
  }

  #ret(read: number): number {
    return this.#part.entries.ret[this.#reads[read] as number] as number;
  }

  #place(read: number): string {
    return placeOf(this.#columns, this.#call(read));
  }

  #said(element: number): string {
    return shown(this.#columns, this.#element[element] as number);
  }

  #json(element: number): Json {
    return this.#columns.tape.json(this.#element[element] as number);
  }

  /**
   * The events of reads and adds, with the adds of everything in those reads where that is not much: without them, it
   * would look as if nobody had added it.
   */
  #events(reads: readonly number[], adds: readonly number[]): number[] {
    const { tape } = this.#columns;
    const calls = new Set([...adds, ...reads.map((read) => this.#call(read))]);
    for (const read of reads) {
      const list = this.#part.entries.output[this.#reads[read] as number] as number;
      if (tape.count(list) > MAX_CLOSED) continue;
      for (let at = tape.first(list); at < tape.next(list); at = tape.next(at)) {
        const element = this.#index.get(tape.word(at), 0);
        if (element === NONE) continue;
        const added = this.#added[element] as number;
        calls.add(added === NONE ? (this.#failed[element] as number) : added);
      }
    }
    return eventsOfCalls(this.#columns, calls);
  }
}
