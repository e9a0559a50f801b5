/**
 * Lost update: two transactions read the same version of a key, and both write the key afterwards (Berenson et al., "A
 * Critique of ANSI SQL Isolation Levels", P4).
 */
import { TYPE } from "../../../history/columns/columns.ts";
import type { Found } from "../findings.ts";
import { PairTable } from "../../kit/pair-table.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NONE } from "../transactions/transactions.ts";
import type { Words } from "../words/words.ts";
import { short } from "../words/words.ts";
import type { ListContext } from "./list-context.ts";
import { lengthOf } from "./list-context.ts";
import type { RegisterContext } from "./register-context.ts";

/** A version of a list is what its last element says; where that is in no order, nothing is concluded. */
export function lostListUpdates({ transactions, versions, findings, words }: ListContext): void {
  search(transactions, findings, words, (m) =>
    versions.seen[m] === lengthOf(transactions, m) ? versions.seen[m] : NONE,
  );
}

/** A version of a register is what its value says: the word of that. */
export function lostRegisterUpdates({ transactions, versions, findings, words }: RegisterContext): void {
  const { columns, value } = transactions;
  search(transactions, findings, words, (m) => (versions.known(m) ? columns.tape.word(value[m] as number) : NONE));
}

/** @param version of a known read, a number for what it saw of its key; `NONE` where that is not known. */
function search(
  transactions: Transactions,
  findings: ListContext["findings"],
  words: Words,
  version: (read: number) => number,
): void {
  const { operations, previous, writes, value, key, transaction, outcome, refused } = transactions;
  const table = new PairTable(operations >> 2);
  /** The first read before a write of each version, and what else was read and written of the same. */
  const updates: number[] = [];
  const more = new Map<number, number[]>();
  for (let m = 0; m < operations; m += 1) {
    // The first write of its transaction to the key, if that begins with a read.
    if (writes[m] === 0 || refused[key[m] as number] === 1 || outcome[transaction[m] as number] !== TYPE.ok) continue;
    let read = previous[m] as number;
    if (read === NONE || writes[read] === 1) continue;
    while (previous[read] !== NONE && writes[previous[read] as number] === 0) read = previous[read] as number;
    if (previous[read] !== NONE || value[read] === NONE) continue;
    const seen = version(read);
    if (seen === NONE) continue;
    const number = table.getOrSet(key[m] as number, seen, updates.length);
    if (number === updates.length) {
      updates.push(read);
      continue;
    }
    const list = more.get(number);
    if (list === undefined) more.set(number, [updates[number] as number, read]);
    else list.push(read);
  }
  for (const reads of more.values()) findings.add("lost-update", () => describe(transactions, words, reads));
}

function describe({ transaction }: Transactions, words: Words, reads: readonly number[]): Found {
  const [first, second] = [reads[0] as number, reads[1] as number];
  const [a, b] = [transaction[first] as number, transaction[second] as number];
  return {
    transactions: [a, b],
    sentence: `${words.transaction(a)} and ${words.transaction(b)} both read ${short(words.result(first))} from ${short(words.key(first))} and then wrote it: one of the two did not see the other's update.`,
    detail: {
      key: words.key(first),
      read: words.result(first),
      transactions: [words.value(a), words.value(b)],
      updates: reads.length,
    },
  };
}
