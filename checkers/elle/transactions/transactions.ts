/** The transactions of a history, micro-operation by micro-operation, in columns. */
import type { Columns } from "../../../history/columns/columns.ts";
import type { PairTable } from "../../kit/pair-table.ts";

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
  /** 1 for keys about which nothing can be said, since a value was written twice to them. */
  readonly refused: Uint8Array;
  /** The writes of values that had been written before, each with the first. */
  readonly repeated: readonly (readonly [first: number, again: number])[];
  /** How many completions lack their invocation: nothing is then known about real time. */
  readonly withoutInvocation: number;
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
