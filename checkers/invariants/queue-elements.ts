/**
 * What came into a queue and what came out of it, element by element, in the order of time. An element may have been
 * enqueued several times; takes are given to enqueues so that as few as possible are left over, and none to an enqueue
 * that had not begun when it ended. (What may be taken only grows, so giving each take, by its end, whatever is there
 * is best.)
 */
import { NO_PARTNER, TYPE } from "../../history/columns/columns.ts";
import type { Columns } from "../../history/columns/columns.ts";
import type { Json } from "../../history/operation.ts";
import { MisuseError } from "../analysis.ts";
import { PairTable } from "../kit/pair-table.ts";
import { NEVER } from "../linearizability/entries.ts";
import type { Part } from "../linearizability/prepare/prepare.ts";
import { eventsOfCalls, nameIndex, placeOf, shown, valueOf } from "./invariant.ts";
import type { Findings } from "./invariant.ts";

export const QUEUE_OPERATIONS = ["enqueue", "dequeue", "drain"];

const NONE = -1;

/** An element that somebody got. */
interface Take {
  readonly element: number;
  /** The event at which the client had it. */
  readonly end: number;
  readonly call: number;
}

export class QueueElements {
  readonly #name: string;
  readonly #columns: Columns;
  readonly #keyed: boolean;
  readonly #index: PairTable;
  readonly #at: number[] = [];
  /** Invocations of enqueues that did not fail, rising; and for each its end (or `NEVER`) and its element. */
  readonly enqueues: { readonly call: number; readonly ret: number; readonly element: number }[] = [];
  readonly #failed = new Map<number, number>();
  /** By their ends. */
  readonly #takes: Take[] = [];
  /** Invocations of dequeues and drains with unknown outcomes. */
  readonly crashed: number[] = [];
  /** Whether a drain crashed, which may have taken any number of elements. */
  crashedDrain = false;
  /** The invocation of the last operation that found the queue empty, or `NONE`. */
  lastEmpty = NONE;

  /** @param name of the checker. @throws MisuseError for values of the wrong shape. */
  constructor(name: string, { entries }: Part, columns: Columns, keyed: boolean) {
    this.#name = name;
    this.#columns = columns;
    this.#keyed = keyed;
    this.#index = new PairTable(entries.length);
    const [enqueue, dequeue] = QUEUE_OPERATIONS.map((each) => nameIndex(columns, each));
    for (let i = 0; i < entries.length; i += 1) {
      const call = entries.call[i] as number;
      const ret = entries.ret[i] as number;
      if (entries.f[i] === enqueue) {
        this.enqueues.push({ call, ret, element: this.#number(entries.input[i] as number, call) });
      } else if (ret === NEVER) this.#crash(call, entries.f[i] !== dequeue);
      else if (entries.f[i] === dequeue) this.#dequeued(call, ret, entries.output[i] as number);
      else {
        this.#drained(call, ret, entries.output[i] as number);
        this.lastEmpty = Math.max(this.lastEmpty, call);
      }
    }
    for (const event of entries.failed) {
      if (columns.f[event] !== enqueue) continue;
      const element = this.#number(valueOf(columns, event, keyed), event);
      if (!this.#failed.has(element)) this.#failed.set(element, event);
    }
    this.#takes.sort((a, b) => a.end - b.end);
  }

  get size(): number {
    return this.#index.size;
  }

  get takes(): number {
    return this.#takes.length;
  }

  json(element: number): Json {
    return this.#columns.tape.json(this.#at[element] as number);
  }

  said(element: number): string {
    return shown(this.#columns, this.#at[element] as number);
  }

  /**
   * For each element, how many of those enqueues that count are left over by the takes.
   * @param counts whether an enqueue with this end counts.
   */
  leftOver(counts: (ret: number) => boolean): Int32Array {
    const left = new Int32Array(this.size);
    this.#sweep(
      (enqueue) => {
        if (counts(enqueue.ret)) left[enqueue.element] = (left[enqueue.element] as number) + 1;
      },
      ({ element }) => {
        if ((left[element] as number) > 0) left[element] = (left[element] as number) - 1;
      },
    );
    return left;
  }

  /**
   * Takes out of thin air are `unexpected` or, after a failed enqueue, `failed-but-dequeued`.
   * @returns the takes of elements that had been taken as often as they had been enqueued, in order.
   */
  reportStrangers(findings: Findings, part: Part): Take[] {
    const there = new Int32Array(this.size);
    const begun = new Uint8Array(this.size);
    const ever = new Uint8Array(this.size);
    for (const { element } of this.enqueues) ever[element] = 1;
    const again: Take[] = [];
    this.#sweep(
      ({ element }) => {
        there[element] = (there[element] as number) + 1;
        begun[element] = 1;
      },
      (take) => {
        const { element } = take;
        if ((there[element] as number) > 0) there[element] = (there[element] as number) - 1;
        else if (begun[element] === 1) again.push(take);
        else if (ever[element] === 0 && this.#failed.has(element))
          findings.add("failed-but-dequeued", part, () => this.#failedAnomaly(take));
        else findings.add("unexpected", part, () => this.#unexpectedAnomaly(take));
      },
    );
    return again;
  }

  /** @param take of an element that had been taken as often as it had been enqueued. */
  duplicateAnomaly(take: Take): ReturnType<Parameters<Findings["add"]>[2]> {
    const { element, end } = take;
    const enqueued = this.enqueues.filter((each) => each.element === element && each.call < end).length;
    return {
      sentence: `${this.said(element)} was enqueued ${times(enqueued)} before it was dequeued once more (${placeOf(this.#columns, take.call)}).`,
      events: this.eventsOf([element], [], end),
      detail: { element: this.json(element), enqueued },
    };
  }

  /**
   * The events of all operations on these elements, and of others.
   * @param until only takes that ended by then, and enqueues that began before.
   */
  eventsOf(elements: readonly number[], others: readonly number[], until = Infinity): number[] {
    const wanted = new Set(elements);
    const calls = [...others];
    for (const { element, call } of this.enqueues) if (wanted.has(element) && call < until) calls.push(call);
    for (const { element, call, end } of this.#takes) if (wanted.has(element) && end <= until) calls.push(call);
    return eventsOfCalls(this.#columns, calls);
  }

  #unexpectedAnomaly({ element, call }: Take): ReturnType<Parameters<Findings["add"]>[2]> {
    const later = this.enqueues.find((each) => each.element === element);
    const why =
      later === undefined
        ? "but nobody had enqueued it"
        : `before its enqueue began (${placeOf(this.#columns, later.call)})`;
    return {
      sentence: `${this.said(element)} was dequeued (${placeOf(this.#columns, call)}), ${why}.`,
      events: eventsOfCalls(this.#columns, later === undefined ? [call] : [call, later.call]),
      detail: { element: this.json(element) },
    };
  }

  #failedAnomaly({ element, call }: Take): ReturnType<Parameters<Findings["add"]>[2]> {
    const failed = this.#failed.get(element) as number;
    return {
      sentence: `${this.said(element)} was dequeued (${placeOf(this.#columns, call)}), but its enqueue failed (${placeOf(this.#columns, failed)}).`,
      events: eventsOfCalls(this.#columns, [call, failed]),
      detail: { element: this.json(element) },
    };
  }

  #sweep(onEnqueue: (enqueue: QueueElements["enqueues"][number]) => void, onTake: (take: Take) => void): void {
    let next = 0;
    for (const take of this.#takes) {
      for (let each = this.enqueues[next]; each !== undefined && each.call < take.end; each = this.enqueues[next]) {
        onEnqueue(each);
        next += 1;
      }
      onTake(take);
    }
    for (const each of this.enqueues.slice(next)) onEnqueue(each);
  }

  #dequeued(call: number, ret: number, at: number): void {
    if (this.#columns.tape.isNull(at)) this.lastEmpty = Math.max(this.lastEmpty, call);
    else this.#takes.push({ element: this.#number(at, ret), end: ret, call });
  }

  #drained(call: number, end: number, list: number): void {
    const { tape } = this.#columns;
    if (!tape.isArray(list))
      throw new MisuseError(
        `${this.#name}: a drain must have a list of what it got, not ${shown(this.#columns, list)}`,
        end,
        this.#columns,
      );
    for (let at = tape.first(list); at < tape.next(list); at = tape.next(at))
      this.#takes.push({ element: this.#number(at, end), end, call });
  }

  /** A drain that crashed may say what it had got by then. */
  #crash(call: number, drain: boolean): void {
    const { partner, tape, type } = this.#columns;
    this.crashed.push(call);
    if (!drain) return;
    this.crashedDrain = true;
    const end = partner[call] ?? NO_PARTNER;
    if (end === NO_PARTNER || type[end] !== TYPE.info) return;
    const list = valueOf(this.#columns, end, this.#keyed);
    if (!tape.isNull(list)) this.#drained(call, end, list);
  }

  #number(at: number, event: number): number {
    const { tape } = this.#columns;
    if (!tape.isScalar(at) || tape.isNull(at))
      throw new MisuseError(
        `${this.#name}: an element must be a number, a text or a boolean, not ${shown(this.#columns, at)}`,
        event,
        this.#columns,
      );
    const number = this.#index.getOrSet(tape.word(at), 0, this.#index.size);
    if (number === this.#at.length) this.#at.push(at);
    return number;
  }
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
