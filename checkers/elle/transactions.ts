/**
 * The transactions of a history, micro-operation by micro-operation, in columns. What every inference rests on is
 * checked here: one open transaction per process, completions that match their invocations, values that can be told
 * apart, and no value written twice to one key.
 */
import type { Columns } from "../../history/columns/columns.ts";
import { NEMESIS_PROCESS, TYPE } from "../../history/columns/columns.ts";
import { MisuseError } from "../analysis.ts";
import { PairTable } from "./pair-table.ts";

/** `invoked` of a completion whose invocation is not in the history. */
export const NO_INVOCATION = -1;
/** `completed` of a transaction whose outcome is not known: it may happen at any later moment, or never. */
export const NEVER = 0x7fff_ffff;
/** In columns of indexes: there is none. */
export const NONE = -1;

export interface Transactions {
  readonly columns: Columns;
  /** How many there are. They are in the order of their invocations. */
  readonly length: number;
  /** Index of the event, or `NO_INVOCATION`. */
  readonly invoked: Int32Array;
  /** Index of the completion, whatever its type, or `NEVER` where there is none. */
  readonly completed: Int32Array;
  /** Codes of `TYPE`: ok, fail, or info, also where there is no completion. */
  readonly outcome: Uint8Array;
  /** Numbers from 0 for the processes. */
  readonly process: Int32Array;
  readonly processes: number;
  /** The transaction of each event, or `NONE` for the nemesis. */
  readonly ofEvent: Int32Array;
  /** Micro-operations of transaction `t` are those from `starts[t]` up to `starts[t + 1]`. */
  readonly starts: Int32Array;
  readonly operations: number;
  /** The transaction of each micro-operation. */
  readonly transaction: Int32Array;
  /** 1 where it writes, 0 where it reads. */
  readonly writes: Uint8Array;
  /** Numbers from 0 for the keys. */
  readonly key: Int32Array;
  /** The word of each key on the tape. */
  readonly keyWords: Int32Array;
  /** Position on the tape of what is written or was read; `NONE` for a read whose result is not known. */
  readonly value: Int32Array;
  /** The micro-operation before this one in the same transaction on the same key, or `NONE`. */
  readonly previous: Int32Array;
  /** The write of a value (its word) to a key; the first one where there are several. */
  readonly writeOf: PairTable;
  /** Keys of which nothing can be said, since a value was written twice to them; 1 for those. */
  readonly refused: Uint8Array;
  /** The writes of values that had been written before, each with the first. */
  readonly repeated: readonly (readonly [first: number, again: number])[];
  /** How many completions lack their invocation: nothing is then known about real time. */
  readonly withoutInvocation: number;
}

export interface Vocabulary {
  /** What a micro-operation is called that writes: `append` or `w`. */
  readonly write: string;
  /** Whether a write is of a scalar that can be told apart from the state before any write. */
  readonly initial: number | undefined;
}

/**
 * Reads the transactions.
 * @throws MisuseError when an event is no transaction, or an assumption does not hold.
 */
export function transactionsOf(columns: Columns, { write, initial }: Vocabulary): Transactions {
  const { tape, names } = columns;
  const words = { r: tape.textWord("r"), write: tape.textWord(write) };
  const { length, invoked, completed, outcome, process, processes, ofEvent, withoutInvocation } = pair(columns);

  const starts = new Int32Array(length + 1);
  for (let t = 0; t < length; t += 1) starts[t + 1] = (starts[t] as number) + tape.count(valueOf(t));
  const operations = starts[length] as number;
  const transaction = new Int32Array(operations);
  const writes = new Uint8Array(operations);
  const key = new Int32Array(operations);
  const value = new Int32Array(operations);
  const previous = new Int32Array(operations);
  const keyTable = new PairTable(64);
  const keyWords: number[] = [];
  /** For each key its last micro-operation so far. */
  const last: number[] = [];
  const refused: number[] = [];
  const writeOf = new PairTable(Math.ceil(operations / 2));
  const repeated: [number, number][] = [];

  for (let t = 0; t < length; t += 1) {
    const known = outcome[t] === TYPE.ok;
    const list = valueOf(t);
    let at = tape.first(list);
    const [first, end] = [starts[t] as number, starts[t + 1] as number];
    for (let m = first; m < end; m += 1) {
      const event = known ? (completed[t] as number) : firstEvent(t);
      if (!tape.isArray(at) || tape.count(at) !== 3) throw wrongShape(at, event);
      const f = tape.first(at);
      const k = f + 1;
      const word = tape.word(f);
      if (word !== words.r && word !== words.write) throw wrongShape(at, event);
      if (!tape.isScalar(k)) {
        throw new MisuseError(`the key ${shown(k)} is not a number or a text`, event, columns);
      }
      const number = keyTable.getOrSet(tape.word(k), 0, keyWords.length);
      if (number === keyWords.length) {
        keyWords.push(tape.word(k));
        last.push(NONE);
        refused.push(0);
      }
      transaction[m] = t;
      key[m] = number;
      const before = last[number] as number;
      previous[m] = before >= first ? before : NONE;
      last[number] = m;
      if (word === words.r) {
        value[m] = known ? k + 1 : NONE;
      } else {
        writes[m] = 1;
        value[m] = k + 1;
        if (!tape.isScalar(k + 1)) {
          throw new MisuseError(
            `${shown(at)} writes ${shown(k + 1)}, which is not a number, a text, true, false or null; written values must be told apart`,
            event,
            columns,
          );
        }
        const written = tape.word(k + 1);
        const other = written === initial ? m : writeOf.getOrSet(number, written, m);
        if (other !== m || written === initial) {
          refused[number] = 1;
          repeated.push([other, m]);
        }
      }
      at = tape.next(at);
    }
    if (known && invoked[t] !== NO_INVOCATION) checkAnswer(t);
  }
  return {
    columns,
    length,
    invoked,
    completed,
    outcome,
    process,
    processes,
    ofEvent,
    starts,
    operations,
    transaction,
    writes,
    key,
    keyWords: Int32Array.from(keyWords),
    value,
    previous,
    writeOf,
    refused: Uint8Array.from(refused),
    repeated,
    withoutInvocation,
  };

  function firstEvent(t: number): number {
    return invoked[t] === NO_INVOCATION ? (completed[t] as number) : (invoked[t] as number);
  }

  /**
   * Where the list of micro-operations stands: an `ok` has the results, of all others only what was asked for is known.
   */
  function valueOf(t: number): number {
    const event = outcome[t] === TYPE.ok ? (completed[t] as number) : firstEvent(t);
    if (names[columns.f[event] as number] !== "txn") {
      throw new MisuseError(
        `f is ${JSON.stringify(names[columns.f[event] as number])}; this model knows only transactions, f "txn"`,
        event,
        columns,
      );
    }
    const at = columns.value[event] as number;
    if (tape.isArray(at)) return at;
    throw new MisuseError(
      `the value of a transaction is a list of micro-operations, such as [["${write}","x",1],["r","x",null]], not ${shown(at)}`,
      event,
      columns,
    );
  }

  /** An `ok` answers what was asked, and its writes are those of the invocation. */
  function checkAnswer(t: number): void {
    const asked = columns.value[invoked[t] as number] as number;
    const event = completed[t] as number;
    const answered = columns.value[event] as number;
    if (tape.isNull(asked)) return;
    let same = tape.isArray(asked) && tape.count(asked) === tape.count(answered);
    let [a, b] = [tape.first(asked), tape.first(answered)];
    for (let left = tape.count(answered); same && left > 0; left -= 1) {
      const [f, g] = [tape.first(a), tape.first(b)];
      same =
        tape.isArray(a) &&
        tape.count(a) === 3 &&
        tape.word(f) === tape.word(g) &&
        tape.word(f + 1) === tape.word(g + 1);
      if (same && tape.word(g) === words.write) same = tape.word(f + 2) === tape.word(g + 2);
      a = tape.next(a);
      b = tape.next(b);
    }
    if (!same) {
      throw new MisuseError(
        `the completion ${shown(answered)} does not answer what was asked, ${shown(asked)}: keys and written values must be the same`,
        event,
        columns,
      );
    }
  }

  function wrongShape(at: number, event: number): MisuseError {
    return new MisuseError(
      `${shown(at)} is no micro-operation; it must be ["${write}", key, value] or ["r", key, result]`,
      event,
      columns,
    );
  }

  function shown(at: number): string {
    const text = JSON.stringify(tape.json(at));
    return text.length > 120 ? `${text.slice(0, 120)}…` : text;
  }
}

type Pairs = Pick<
  Transactions,
  "length" | "invoked" | "completed" | "outcome" | "process" | "processes" | "ofEvent" | "withoutInvocation"
>;

/** Invocations and their completions. @throws MisuseError when a process does not do one thing after the other. */
function pair(columns: Columns): Pairs {
  const { length: events, type } = columns;
  const invoked = new Int32Array(events);
  const completed = new Int32Array(events).fill(NEVER);
  const outcome = new Uint8Array(events).fill(TYPE.info);
  const process = new Int32Array(events);
  const ofEvent = new Int32Array(events).fill(NONE);
  const table = new PairTable(64);
  /** For each process its open transaction, or `NONE`. */
  const open: number[] = [];
  /** For each process the `info` that ended it, or `NONE`. */
  const ended: number[] = [];
  let [length, withoutInvocation] = [0, 0];
  for (let event = 0; event < events; event += 1) {
    const name = columns.process[event] as number;
    if (name === NEMESIS_PROCESS) continue;
    const p = table.getOrSet(name, 0, open.length);
    if (p === open.length) {
      open.push(NONE);
      ended.push(NONE);
    }
    if (ended[p] !== NONE) {
      throw new MisuseError(
        `process ${name} acts after its info (${place(ended[p] as number)}); whatever it still does needs another process id`,
        event,
        columns,
      );
    }
    let t = open[p] as number;
    if (type[event] === TYPE.invoke) {
      if (t !== NONE) {
        throw new MisuseError(
          `process ${name} begins a transaction while its last one (${place(invoked[t] as number)}) is still open`,
          event,
          columns,
        );
      }
      t = length;
      length += 1;
      invoked[t] = event;
      process[t] = p;
      ofEvent[event] = t;
      open[p] = t;
      continue;
    }
    if (t === NONE) {
      t = length;
      length += 1;
      withoutInvocation += 1;
      invoked[t] = NO_INVOCATION;
      process[t] = p;
    }
    ofEvent[event] = t;
    completed[t] = event;
    outcome[t] = type[event] as number;
    open[p] = NONE;
    if (type[event] === TYPE.info) ended[p] = event;
  }
  return {
    length,
    invoked: invoked.subarray(0, length),
    completed: completed.subarray(0, length),
    outcome: outcome.subarray(0, length),
    process: process.subarray(0, length),
    processes: open.length,
    ofEvent,
    withoutInvocation,
  };

  function place(event: number): string {
    const line = columns.line?.[event];
    return line === undefined ? `event ${event}` : `line ${line}`;
  }
}

/** The events of transactions, rising: invocations with their completions. */
export function eventsOf({ invoked, completed }: Transactions, chosen: Iterable<number>): number[] {
  const events: number[] = [];
  for (const t of new Set(chosen)) {
    if (invoked[t] !== NO_INVOCATION) events.push(invoked[t] as number);
    if (completed[t] !== NEVER) events.push(completed[t] as number);
  }
  return events.sort((a, b) => a - b);
}
