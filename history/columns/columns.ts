/**
 * A whole history in columns: one typed array for each field of its events, in the order of time. This is what the fast
 * checkers read; a million events take some tens of megabytes and no object each.
 */
import type { EventType, HistoryEvent, Json } from "../operation.ts";
import { NEMESIS } from "../operation.ts";
import { NULL_WORD, Tape } from "./tape.ts";

/** The code of each type in `Columns.type`. */
export const TYPE = { invoke: 0, ok: 1, fail: 2, info: 3 } as const;
export const TYPE_NAMES: readonly EventType[] = ["invoke", "ok", "fail", "info"];
/** The nemesis in `Columns.process`; clients are what their histories call them. */
export const NEMESIS_PROCESS = -0x8000_0000;
/** In `Columns.partner`: this event has none. */
export const NO_PARTNER = -1;

/** What no checker reads of an event, and only some histories have; see `Columns.details`. */
export const DETAILS = ["error", "node", "worker", "attempts"] as const;
export type Detail = (typeof DETAILS)[number];

export interface Columns {
  /** How many events there are; every column is at least so long. Event `i` is the one with index `i`. */
  readonly length: number;
  /** Nanoseconds since the start of the run, never falling; the index where the history has no times. */
  readonly time: Float64Array;
  readonly process: Int32Array;
  /** Codes of `TYPE`. */
  readonly type: Uint8Array;
  /** Indexes into `names`. */
  readonly f: Uint16Array;
  readonly names: readonly string[];
  /** Positions on the tape. */
  readonly value: Int32Array;
  readonly tape: Tape;
  /**
   * For a client's invocation, the index of its completion; for a completion, that of its invocation; else
   * `NO_PARTNER`.
   */
  readonly partner: Int32Array;
  /** The line of the file where each event stands, from 1; absent for histories that come from no file. */
  readonly line?: Int32Array;
  /**
   * For each process that its history does not call by a number of 31 bits: the number that stands for it, and what its
   * history calls it.
   */
  readonly processNames?: ReadonlyMap<number, number | string>;
  /** What no checker reads, where some event has it: words on the tape, `NULL_WORD` for events that have none. */
  readonly details?: { readonly [name in Detail]?: Int32Array };
}

/**
 * The events in columns: those that the history has, or packed anew where these are only events. In the latter case an
 * event is known by its place among them.
 */
export function columnsOf(history: {
  readonly events: readonly HistoryEvent[];
  readonly columns?: Columns | undefined;
}): Columns {
  return history.columns ?? packed(history.events);
}

function packed(events: readonly HistoryEvent[]): Columns {
  const length = events.length;
  const tape = new Tape();
  const details: { [name in Detail]?: Int32Array } = {};
  const columns = {
    length,
    time: new Float64Array(length),
    process: new Int32Array(length),
    type: new Uint8Array(length),
    f: new Uint16Array(length),
    names: [] as string[],
    value: new Int32Array(length),
    tape,
    partner: new Int32Array(length).fill(NO_PARTNER),
    details,
  };
  const nameIndex = new Map<string, number>();
  const open = new Map<number, number>();
  events.forEach((event, i) => {
    columns.time[i] = event.time;
    columns.process[i] = event.process === NEMESIS ? NEMESIS_PROCESS : event.process;
    columns.type[i] = TYPE[event.type];
    columns.f[i] = indexOf(event.f);
    columns.value[i] = tape.append(event.value);
    for (const name of DETAILS) {
      const detail = event[name];
      if (detail !== undefined) (details[name] ??= new Int32Array(length).fill(NULL_WORD))[i] = tape.scalarWord(detail);
    }
    if (event.process === NEMESIS) return;
    if (event.type === "invoke") {
      open.set(event.process, i);
      return;
    }
    const invoke = open.get(event.process);
    if (invoke === undefined) return;
    open.delete(event.process);
    columns.partner[i] = invoke;
    columns.partner[invoke] = i;
  });
  return columns;

  function indexOf(name: string): number {
    let index = nameIndex.get(name);
    if (index === undefined) nameIndex.set(name, (index = columns.names.push(name) - 1));
    return index;
  }
}

/** Event `i` as an object. A process whose name is no number has the number that stands for it. */
export function eventAt(columns: Columns, i: number): HistoryEvent {
  const { details, processNames, tape } = columns;
  const number = columns.process[i] ?? NEMESIS_PROCESS;
  const name = processNames?.get(number) ?? number;
  const detail = (column: Int32Array | undefined): Json => tape.scalar(column?.[i] ?? NULL_WORD);
  const error = detail(details?.error);
  const node = detail(details?.node);
  const worker = detail(details?.worker);
  const attempts = detail(details?.attempts);
  return {
    index: i,
    time: columns.time[i] ?? 0,
    process: number === NEMESIS_PROCESS ? NEMESIS : typeof name === "number" ? name : number,
    type: TYPE_NAMES[columns.type[i] ?? 0] ?? "info",
    f: columns.names[columns.f[i] ?? 0] ?? "",
    value: tape.json(columns.value[i] ?? 0),
    ...(typeof error === "string" ? { error } : undefined),
    ...(typeof node === "string" ? { node } : undefined),
    ...(typeof worker === "string" ? { worker } : undefined),
    ...(typeof attempts === "number" ? { attempts } : undefined),
  };
}
