/**
 * The events of a file in columns that grow, in the order of its lines: what is known of a history before it is checked
 * and put in order.
 */
import type { Columns, Detail } from "./columns.ts";
import { DETAILS, NEMESIS_PROCESS } from "./columns.ts";
import { NEMESIS } from "../operation.ts";
import { NULL_WORD, Tape } from "./tape.ts";

/** Processes with other names than the numbers from here on get numbers below, which stand for the names. */
const FIRST_OWN_NUMBER = -(2 ** 30);
const LAST_OWN_NUMBER = 2 ** 31 - 1;
const MAX_NAMES = 2 ** 16;
const FIRST_CAPACITY = 1_024;
const NO_INDEX = -1;

/** One event, as both readers give it. */
export interface Row {
  /** NaN where there is none, as with `time`. */
  readonly index: number;
  readonly time: number;
  /** What the history calls it; the nemesis is `NEMESIS`. */
  readonly process: number | string;
  /** A code of `TYPE`. */
  readonly type: number;
  /** The word of its text on the tape. */
  readonly f: number;
  /** Position on the tape. */
  readonly value: number;
  /** Words on the tape; `NULL_WORD` where there is none. */
  readonly error: number;
  readonly node: number;
  readonly worker: number;
  readonly attempts: number;
}

export class Rows {
  length = 0;
  readonly tape = new Tape();
  readonly names: string[] = [];
  /** For each process whose name is no number of its own: the number that stands for it, and the name. */
  readonly processNames = new Map<number, number | string>();
  /** NaN where an event has none. */
  time = new Float64Array(FIRST_CAPACITY);
  process = new Int32Array(FIRST_CAPACITY);
  type = new Uint8Array(FIRST_CAPACITY);
  f = new Uint16Array(FIRST_CAPACITY);
  value = new Int32Array(FIRST_CAPACITY);
  line = new Int32Array(FIRST_CAPACITY);
  readonly details: { [name in Detail]?: Int32Array } = {};
  /** Absent as long as each event's index, where it has one, is its place. `NO_INDEX` where an event has none. */
  index: Float64Array | undefined;
  /** Line of the first event with a time, and of the first without one; 0 where there is none. */
  timedLine = 0;
  untimedLine = 0;
  #indexed: boolean | undefined;
  readonly #nameOfWord = new Map<number, number>();
  readonly #numberOfProcess = new Map<number | string, number>();

  /** @throws RangeError when the history has more kinds of operations than a column can tell apart. */
  add(row: Row, line: number): void {
    const at = this.length;
    if (at === this.line.length) this.#grow();
    if (Number.isNaN(row.time)) this.untimedLine ||= line;
    else this.timedLine ||= line;
    this.time[at] = row.time;
    this.process[at] = this.#numberFor(row.process);
    this.type[at] = row.type;
    this.f[at] = this.#nameFor(row.f);
    this.value[at] = row.value;
    this.line[at] = line;
    for (const name of DETAILS) {
      const word = row[name];
      if (word !== NULL_WORD || this.details[name] !== undefined) this.#setDetail(name, at, word);
    }
    this.#setIndex(at, Number.isNaN(row.index) ? NO_INDEX : row.index);
    this.length = at + 1;
  }

  /** As the file has it. */
  processName(number: number): number | string {
    if (number === NEMESIS_PROCESS) return NEMESIS;
    return this.processNames.get(number) ?? number;
  }

  #setDetail(name: Detail, at: number, word: number): void {
    const column = (this.details[name] ??= new Int32Array(this.line.length));
    column[at] = word;
  }

  #setIndex(at: number, index: number): void {
    if (this.index === undefined) {
      const known = index !== NO_INDEX;
      if (known ? index === at && this.#indexed !== false : this.#indexed !== true) {
        this.#indexed = known;
        return;
      }
      const earlier = new Float64Array(this.line.length);
      for (let i = 0; i < at; i += 1) earlier[i] = this.#indexed === true ? i : NO_INDEX;
      this.index = earlier;
    }
    this.index[at] = index;
  }

  #numberFor(process: number | string): number {
    if (process === NEMESIS) return NEMESIS_PROCESS;
    if (typeof process === "number" && process >= FIRST_OWN_NUMBER && process <= LAST_OWN_NUMBER) return process;
    let number = this.#numberOfProcess.get(process);
    if (number === undefined) {
      number = FIRST_OWN_NUMBER - 1 - this.#numberOfProcess.size;
      this.#numberOfProcess.set(process, number);
      this.processNames.set(number, process);
    }
    return number;
  }

  #nameFor(word: number): number {
    let name = this.#nameOfWord.get(word);
    if (name === undefined) {
      if (this.names.length === MAX_NAMES)
        throw new RangeError(`there are more than ${MAX_NAMES} different f; what varies belongs into the value`);
      name = this.names.push(String(this.tape.scalar(word))) - 1;
      this.#nameOfWord.set(word, name);
    }
    return name;
  }

  #grow(): void {
    const capacity = this.line.length * 2;
    this.time = longer(this.time, new Float64Array(capacity));
    this.process = longer(this.process, new Int32Array(capacity));
    this.type = longer(this.type, new Uint8Array(capacity));
    this.f = longer(this.f, new Uint16Array(capacity));
    this.value = longer(this.value, new Int32Array(capacity));
    this.line = longer(this.line, new Int32Array(capacity));
    if (this.index !== undefined) this.index = longer(this.index, new Float64Array(capacity));
    for (const name of DETAILS) {
      const column = this.details[name];
      if (column !== undefined) this.details[name] = longer(column, new Int32Array(capacity));
    }
  }
}

function longer<Column extends Float64Array | Int32Array | Uint8Array | Uint16Array>(
  column: Column,
  room: Column,
): Column {
  room.set(column);
  return room;
}

/** The columns of a history whose rows are in order. @param partner see `Columns`. */
export function columnsOfRows(rows: Rows, partner: Int32Array): Columns {
  const { length, names, tape, processNames } = rows;
  const details: { [name in Detail]?: Int32Array } = {};
  for (const name of DETAILS) {
    const column = rows.details[name];
    if (column !== undefined) details[name] = column.slice(0, length);
  }
  return {
    length,
    time: rows.time.slice(0, length),
    process: rows.process.slice(0, length),
    type: rows.type.slice(0, length),
    f: rows.f.slice(0, length),
    names,
    value: rows.value.slice(0, length),
    tape,
    partner,
    line: rows.line.slice(0, length),
    details,
    processNames,
  };
}
