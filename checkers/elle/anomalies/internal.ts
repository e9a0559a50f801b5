/**
 * Internal inconsistency: a read contradicts what its own transaction had read or written before (Cerone, Bernardi and
 * Gotsman 2015: axiom INT).
 */
import type { Found } from "../findings.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NONE } from "../transactions/transactions.ts";
import type { Words } from "../words/words.ts";
import { short } from "../words/words.ts";
import type { ListContext } from "./list-context.ts";
import { lengthOf } from "./list-context.ts";
import type { RegisterContext } from "./register-context.ts";

/**
 * A list read must be the last one of the transaction with its own appends since; a first read must end with those
 * before it.
 */
export function internalLists({ transactions, versions, findings, words }: ListContext): void {
  const { operations, previous, writes, value, columns } = transactions;
  const tape = columns.tape;
  for (let m = 0; m < operations; m += 1) {
    if (previous[m] === NONE || versions.seen[m] === NONE) continue;
    let at = lengthOf(transactions, m);
    const start = (value[m] as number) + 2;
    let right = true;
    let p = previous[m] as number;
    for (; right && p !== NONE && writes[p] === 1; p = previous[p] as number) {
      at -= 1;
      right = at >= 0 && tape.word(start + at) === tape.word(value[p] as number);
    }
    if (right && p !== NONE) {
      const before = (value[p] as number) + 2;
      right = at === lengthOf(transactions, p);
      for (let i = 0; right && i < at; i += 1) right = tape.word(start + i) === tape.word(before + i);
    }
    if (!right) findings.add("internal", () => describe(transactions, words, m));
  }
}

/** A register read must be what the transaction read or wrote last. */
export function internalRegisters({ transactions, versions, findings, words }: RegisterContext): void {
  const { operations, previous, writes, value, columns } = transactions;
  for (let m = 0; m < operations; m += 1) {
    const p = previous[m] as number;
    if (p === NONE || writes[m] === 1 || !versions.known(m) || (writes[p] === 0 && !versions.known(p))) continue;
    if (columns.tape.word(value[m] as number) !== columns.tape.word(value[p] as number))
      findings.add("internal", () => describe(transactions, words, m));
  }
}

function describe({ transaction, previous, writes }: Transactions, words: Words, read: number): Found {
  const t = transaction[read] as number;
  const p = previous[read] as number;
  const before = `${writes[p] === 1 ? "written" : "read"} ${short(words.result(p))}`;
  return {
    transactions: [t],
    sentence: `${words.transaction(t)} read ${short(words.result(read))} from ${short(words.key(read))}, although it had itself ${before} before.`,
    detail: { key: words.key(read), read: words.result(read), transaction: words.value(t) },
  };
}
