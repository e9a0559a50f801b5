/** G1a: a read of what a failed transaction wrote (Adya). */
import { TYPE } from "../../../history/columns/columns.ts";
import type { Json } from "../../../history/operation.ts";
import type { Found } from "../findings.ts";
import { NONE } from "../transactions/transactions.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { short } from "../words/words.ts";
import type { Words } from "../words/words.ts";
import type { ListContext } from "./list-context.ts";
import { appendAt, readsWith } from "./list-context.ts";
import type { RegisterContext } from "./register-context.ts";

export function abortedListReads(context: ListContext): void {
  const { transactions, findings, words } = context;
  const { transaction, outcome } = transactions;
  readsWith(
    context,
    (append) => append !== NONE && outcome[transaction[append] as number] === TYPE.fail,
    (read, index) => findings.add("G1a", () => describe(transactions, words, read, appendAt(context, read, index))),
  );
}

export function abortedRegisterReads({ transactions, versions, findings, words }: RegisterContext): void {
  const { operations, transaction, outcome } = transactions;
  for (let m = 0; m < operations; m += 1) {
    const write = versions.readFrom[m] as number;
    if (write < 0 || outcome[transaction[write] as number] !== TYPE.fail) continue;
    findings.add("G1a", () => describe(transactions, words, m, write));
  }
}

function describe({ transaction }: Transactions, words: Words, read: number, write: number): Found {
  const [reader, writer] = [transaction[read] as number, transaction[write] as number];
  const element: Json = words.result(write);
  return {
    transactions: [writer, reader],
    sentence: `${words.transaction(reader)} read ${short(words.result(read))} from ${short(words.key(read))}, but ${short(element)} was written by ${words.transaction(writer)}, which failed.`,
    detail: { key: words.key(read), element, writer: words.value(writer), reader: words.value(reader) },
  };
}
