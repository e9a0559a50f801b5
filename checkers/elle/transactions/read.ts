/**
 * From a history to its transactions. What every inference rests on is checked on the way: one open transaction per
 * process, completions that match their invocations, values that can be told apart, and no value written twice to one
 * key.
 */
import type { Columns } from "../../../history/columns/columns.ts";
import { TYPE } from "../../../history/columns/columns.ts";
import { Keys } from "./keys.ts";
import { OperationLists } from "./lists.ts";
import { pairsIn } from "./pairs.ts";
import type { Transactions } from "./transactions.ts";
import { NO_INVOCATION, NONE } from "./transactions.ts";
import { UniqueWrites } from "./unique-writes.ts";

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
  const { tape } = columns;
  const pairs = pairsIn(columns);
  const { length, invoked, outcome } = pairs;
  const lists = new OperationLists(columns, pairs, write);
  const starts = startsOf(lists, columns, length);
  const operations = starts[length] as number;
  const transaction = new Int32Array(operations);
  const writes = new Uint8Array(operations);
  const key = new Int32Array(operations);
  const value = new Int32Array(operations);
  const previous = new Int32Array(operations);
  const keys = new Keys();
  const written = new UniqueWrites(operations, initial);

  for (let t = 0; t < length; t += 1) {
    const known = outcome[t] === TYPE.ok;
    const event = lists.eventOf(t);
    let at = tape.first(lists.of(t));
    const [first, end] = [starts[t] as number, starts[t + 1] as number];
    for (let m = first; m < end; m += 1) {
      const isWrite = lists.isWrite(at, event);
      const place = tape.first(at) + 1;
      const number = keys.numberOf(tape.word(place));
      const before = keys.touch(number, m);
      transaction[m] = t;
      key[m] = number;
      previous[m] = before >= first ? before : NONE;
      value[m] = isWrite || known ? place + 1 : NONE;
      if (isWrite) {
        writes[m] = 1;
        written.note(number, tape.word(place + 1), m);
      }
      at = tape.next(at);
    }
    if (known && invoked[t] !== NO_INVOCATION) lists.requireAnswer(t);
  }
  return {
    ...pairs,
    columns,
    starts,
    operations,
    transaction,
    writes,
    key,
    keyWords: Int32Array.from(keys.words),
    value,
    previous,
    writeOf: written.writeOf,
    refused: written.refused(keys.words.length),
    repeated: written.repeated,
  };
}

/** Where the micro-operations of each transaction begin among all of them, and where the last one ends. */
function startsOf(lists: OperationLists, { tape }: Columns, length: number): Int32Array {
  const starts = new Int32Array(length + 1);
  for (let t = 0; t < length; t += 1) starts[t + 1] = (starts[t] as number) + tape.count(lists.of(t));
  return starts;
}
