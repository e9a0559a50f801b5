/** A read of what the same transaction writes only afterwards. */
import type { Found } from "../findings.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NONE } from "../transactions/transactions.ts";
import type { Words } from "../words/words.ts";
import { short } from "../words/words.ts";
import type { ListContext } from "./list-context.ts";
import { appendAt, lengthOf } from "./list-context.ts";
import type { RegisterContext } from "./register-context.ts";

export function futureListReads(context: ListContext): void {
  const { transactions, versions, findings, words } = context;
  const { operations, previous, writes, key } = transactions;
  const { slot, seen, starts } = versions;
  const stray = new Set(versions.strays);
  for (let m = 0; m < operations; m += 1) {
    if (writes[m] === 0 || previous[m] === NONE) continue;
    const k = key[m] as number;
    for (let read = previous[m] as number; read !== NONE; read = previous[read] as number) {
      if (writes[read] === 1 || seen[read] === NONE) continue;
      const sees =
        (slot[m] !== NONE && (slot[m] as number) - (starts[k] as number) < (seen[read] as number)) ||
        (stray.has(read) && straySees(context, read, m));
      if (sees) findings.add("future-read", () => describe(transactions, words, read, m));
    }
  }
}

function straySees(context: ListContext, read: number, append: number): boolean {
  const { transactions, versions } = context;
  for (let i = versions.seen[read] as number; i < lengthOf(transactions, read); i += 1)
    if (appendAt(context, read, i) === append) return true;
  return false;
}

export function futureRegisterReads({ transactions, versions, findings, words }: RegisterContext): void {
  const { operations, transaction } = transactions;
  for (let m = 0; m < operations; m += 1) {
    const write = versions.readFrom[m] as number;
    if (write > m && transaction[write] === transaction[m])
      findings.add("future-read", () => describe(transactions, words, m, write));
  }
}

function describe({ transaction }: Transactions, words: Words, read: number, write: number): Found {
  const t = transaction[read] as number;
  return {
    transactions: [t],
    sentence: `${words.transaction(t)} read ${short(words.result(read))} from ${short(words.key(read))}, and wrote ${short(words.result(write))} only afterwards.`,
    detail: { key: words.key(read), element: words.result(write), transaction: words.value(t) },
  };
}
