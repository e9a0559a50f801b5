/** A read of a value that nobody wrote. */
import type { Found } from "../findings.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NONE } from "../transactions/transactions.ts";
import type { Words } from "../words/words.ts";
import { short } from "../words/words.ts";
import type { ListContext } from "./list-context.ts";
import { readsWith } from "./list-context.ts";
import type { RegisterContext } from "./register-context.ts";
import { FROM_NOBODY } from "../versions/register-versions.ts";

export function garbageListReads(context: ListContext): void {
  const { transactions, findings, words } = context;
  const { columns, value } = transactions;
  readsWith(
    context,
    (append) => append === NONE,
    (read, index) =>
      findings.add("garbage-read", () =>
        describe(
          transactions,
          words,
          read,
          columns.tape.scalar(columns.tape.word((value[read] as number) + 2 + index)),
        ),
      ),
  );
}

export function garbageRegisterReads({ transactions, versions, findings, words }: RegisterContext): void {
  for (let m = 0; m < transactions.operations; m += 1)
    if (versions.readFrom[m] === FROM_NOBODY)
      findings.add("garbage-read", () => describe(transactions, words, m, words.result(m)));
}

function describe({ transaction }: Transactions, words: Words, read: number, element: Found["detail"][string]): Found {
  const reader = transaction[read] as number;
  return {
    transactions: [reader],
    sentence: `${words.transaction(reader)} read ${short(words.result(read))} from ${short(words.key(read))}, but nobody wrote ${short(element)} to it.`,
    detail: { key: words.key(read), element, reader: words.value(reader) },
  };
}
