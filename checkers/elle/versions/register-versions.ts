/**
 * The versions of registers, and which of them each read saw. A version is what a transaction leaves at a key: its last
 * write there; what it wrote before belongs to the same version. The state before any write is a version, too.
 */
import { TYPE } from "../../../history/columns/columns.ts";
import { MisuseError } from "../../analysis.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NONE } from "../transactions/transactions.ts";

/** In `readFrom`: the state before any write. */
const FROM_INITIAL = -2;
/** In `readFrom`: a value that nobody wrote. */
export const FROM_NOBODY = -3;

export interface RegisterVersions {
  /**
   * For each read the write that it saw, `FROM_INITIAL`, `FROM_NOBODY`, or `NONE` for what is no read, has no known
   * result, or is of a refused key.
   */
  readonly readFrom: Int32Array;
  /** Whether a micro-operation is a read whose result is known. */
  known(m: number): boolean;
  /** For each write the last one of the same transaction to the same key: its number is that of the version. */
  readonly version: Int32Array;
  /** Versions are below this number; that of key `k` before any write is `operations + k`. */
  readonly count: number;
  /** The version that a read saw, or `NONE` where no transaction that can have happened left it. */
  seen(m: number): number;
}

/** @throws MisuseError when a read's result is no scalar. */
export function registerVersions(transactions: Transactions, initial: number): RegisterVersions {
  const { columns, operations, key, value, writes, previous, writeOf, refused, outcome, transaction, completed } =
    transactions;
  const { tape } = columns;
  const readFrom = new Int32Array(operations).fill(NONE);
  const version = new Int32Array(operations).fill(NONE);
  for (let m = operations - 1; m >= 0; m -= 1) {
    if (writes[m] === 0) continue;
    if (version[m] === NONE) version[m] = m;
    let p = previous[m] as number;
    while (p !== NONE && writes[p] === 0) p = previous[p] as number;
    if (p !== NONE) version[p] = version[m] as number;
  }
  for (let m = 0; m < operations; m += 1) {
    const at = value[m] as number;
    if (writes[m] === 1 || at === NONE) continue;
    if (!tape.isScalar(at)) {
      throw new MisuseError(
        `a register was read as ${JSON.stringify(tape.json(at))}; it must be null, a number, a text, true or false`,
        completed[transaction[m] as number],
        columns,
      );
    }
    const k = key[m] as number;
    if (refused[k] === 1) continue;
    const word = tape.word(at);
    const write = word === initial ? FROM_INITIAL : writeOf.get(k, word);
    readFrom[m] = write === NONE ? FROM_NOBODY : write;
  }
  return {
    readFrom,
    known: (m) => readFrom[m] !== NONE,
    version,
    count: operations + transactions.keyWords.length,
    seen(m) {
      const from = readFrom[m] as number;
      if (from === FROM_INITIAL) return operations + (key[m] as number);
      return from < 0 || outcome[transaction[from] as number] === TYPE.fail ? NONE : (version[from] as number);
    },
  };
}
