/**
 * A whole history in memory: events in the order of time, the operations that they form, and the same in columns. Each
 * is made when it is first asked for, and only once.
 */
import type { Columns } from "./columns/columns.ts";
import { columnsOf, eventAt, NEMESIS_PROCESS, NO_PARTNER, TYPE } from "./columns/columns.ts";
import { NULL_WORD } from "./columns/tape.ts";
import { ofWorkersOnly } from "./columns/view.ts";
import type { HistoryEvent, Operation } from "./operation.ts";
import { NEMESIS } from "./operation.ts";

/** Where a history gets its two forms from; each is asked for at most once. */
export interface HistorySource {
  readonly events: () => readonly HistoryEvent[];
  readonly columns: () => Columns;
  /** Events of the nemesis, where they are known without all others. */
  readonly nemesis?: () => readonly HistoryEvent[];
}

export class History {
  readonly #source: HistorySource;
  #events: readonly HistoryEvent[] | undefined;
  #columns: Columns | undefined;
  #operations: readonly Operation[] | undefined;
  #nemesis: readonly HistoryEvent[] | undefined;

  /**
   * @param source events in the order of time, each with its place among them as its index.
   * @throws RangeError when a process invokes while its last operation is open, or completes what it did not invoke.
   */
  constructor(source: readonly HistoryEvent[] | HistorySource) {
    if ("columns" in source) {
      this.#source = source;
    } else {
      this.#source = { events: () => source, columns: () => columnsOf({ events: source }) };
      this.#operations = pairOperations(source);
    }
  }

  /** A history that was read as columns: an event becomes an object when somebody asks for `events`. */
  static ofColumns(columns: Columns): History {
    let known: ReadonlyMap<number, HistoryEvent> | undefined;
    const nemesis = (): ReadonlyMap<number, HistoryEvent> => (known ??= nemesisIn(columns));
    return new History({
      events: () => Array.from({ length: columns.length }, (_, i) => nemesis().get(i) ?? eventAt(columns, i)),
      columns: () => columns,
      nemesis: () => [...nemesis().values()],
    });
  }

  /** Events by index; in a whole history `events[i].index === i`. */
  get events(): readonly HistoryEvent[] {
    return (this.#events ??= this.#source.events());
  }

  /** The events in columns, for checkers that read no objects. Those of a part of a history keep their places, too. */
  get columns(): Columns {
    return (this.#columns ??= this.#source.columns());
  }

  /** Client operations by the time of their invocation. */
  get operations(): readonly Operation[] {
    return (this.#operations ??= pairOperations(this.events));
  }

  /** Events of the nemesis, in order. */
  get nemesis(): readonly HistoryEvent[] {
    return (this.#nemesis ??= this.#source.nemesis?.() ?? this.events.filter(({ process }) => process === NEMESIS));
  }

  /** When its first event was, and its last, in nanoseconds since the start of the run; 0 where it has none. */
  get span(): { readonly from: number; readonly to: number } {
    const { time, length } = this.columns;
    return { from: time[0] ?? 0, to: time[length - 1] ?? 0 };
  }

  /** The workers that began an operation of a client; undefined stands for processes without a worker's name. */
  get workers(): ReadonlySet<string | undefined> {
    const { length, process, type, details, tape } = this.columns;
    const words = new Set<number>();
    for (let i = 0; i < length; i += 1)
      if (type[i] === TYPE.invoke && process[i] !== NEMESIS_PROCESS) words.add(details?.worker?.[i] ?? NULL_WORD);
    return new Set([...words].map((word) => (word === NULL_WORD ? undefined : String(tape.scalar(word)))));
  }

  /** Whether any operation of a client is known to have succeeded. */
  get succeeded(): boolean {
    const { length, process, type, partner } = this.columns;
    for (let i = 0; i < length; i += 1)
      if (type[i] === TYPE.ok && process[i] !== NEMESIS_PROCESS && partner[i] !== NO_PARTNER) return true;
    return false;
  }

  /** What these workers and the nemesis recorded. Events keep their indexes. */
  ofWorkers(workers: readonly string[]): History {
    return new History({
      events: () => this.events.filter(({ process, worker }) => process === NEMESIS || workers.includes(worker ?? "")),
      columns: () => ofWorkersOnly(this.columns, workers),
      nemesis: () => this.nemesis,
    });
  }
}

/** By their indexes. */
function nemesisIn(columns: Columns): Map<number, HistoryEvent> {
  const events = new Map<number, HistoryEvent>();
  for (let i = 0; i < columns.length; i += 1)
    if (columns.process[i] === NEMESIS_PROCESS) events.set(i, eventAt(columns, i));
  return events;
}

function pairOperations(events: readonly HistoryEvent[]): Operation[] {
  const operations: { process: number; f: string; invoke: HistoryEvent; completion?: HistoryEvent }[] = [];
  const open = new Map<number, number>();
  for (const event of events) {
    if (event.process === NEMESIS) continue;
    const position = open.get(event.process);
    if (event.type === "invoke") {
      if (position !== undefined) {
        throw new RangeError(
          `event ${event.index}: process ${event.process} invokes ${event.f} while its ${operations[position]?.f} is still open`,
        );
      }
      open.set(event.process, operations.length);
      operations.push({ process: event.process, f: event.f, invoke: event });
      continue;
    }
    const operation = position === undefined ? undefined : operations[position];
    if (operation === undefined || operation.f !== event.f) {
      throw new RangeError(
        `event ${event.index}: process ${event.process} completes ${event.f}, which it did not invoke`,
      );
    }
    operation.completion = event;
    open.delete(event.process);
  }
  return operations;
}
