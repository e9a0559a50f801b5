/** G1b: a read of what a transaction wrote and then wrote over, or added to, itself (Adya). */
import { TYPE } from "../../../history/columns/columns.ts";
import type { Found } from "../findings.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NONE } from "../transactions/transactions.ts";
import type { Words } from "../words/words.ts";
import { short } from "../words/words.ts";
import type { ListContext } from "./list-context.ts";
import { appendAt, lengthOf } from "./list-context.ts";
import type { RegisterContext } from "./register-context.ts";

export function intermediateListReads(context: ListContext): void {
  const { transactions, versions, findings, words } = context;
  const later = laterWrites(transactions);
  if (later === undefined) return;
  for (let m = 0; m < transactions.operations; m += 1) {
    if (versions.seen[m] === NONE) continue;
    const length = lengthOf(transactions, m);
    if (length > 0)
      check(transactions, later, m, appendAt(context, m, length - 1), (found) =>
        findings.add("G1b", () => describe(transactions, words, m, found, later)),
      );
  }
}

export function intermediateRegisterReads({ transactions, versions, findings, words }: RegisterContext): void {
  const later = laterWrites(transactions);
  if (later === undefined) return;
  for (let m = 0; m < transactions.operations; m += 1)
    check(transactions, later, m, versions.readFrom[m] as number, (found) =>
      findings.add("G1b", () => describe(transactions, words, m, found, later)),
    );
}

function check(
  { transaction, outcome }: Transactions,
  later: Int32Array,
  read: number,
  write: number,
  found: (write: number) => void,
): void {
  if (write < 0 || later[write] === NONE) return;
  const writer = transaction[write] as number;
  if (writer !== transaction[read] && outcome[writer] !== TYPE.fail) found(write);
}

/**
 * For each write the next one of the same transaction to the same key, or `NONE`; undefined where there is none at all.
 */
function laterWrites({ operations, writes, previous }: Transactions): Int32Array | undefined {
  const later = new Int32Array(operations).fill(NONE);
  let any = false;
  for (let m = 0; m < operations; m += 1) {
    if (writes[m] === 0) continue;
    let p = previous[m] as number;
    while (p !== NONE && writes[p] === 0) p = previous[p] as number;
    if (p === NONE) continue;
    later[p] = m;
    any = true;
  }
  return any ? later : undefined;
}

function describe({ transaction }: Transactions, words: Words, read: number, write: number, later: Int32Array): Found {
  const [reader, writer] = [transaction[read] as number, transaction[write] as number];
  const next = words.result(later[write] as number);
  return {
    transactions: [writer, reader],
    sentence: `${words.transaction(reader)} read ${short(words.result(read))} from ${short(words.key(read))}, a state in the middle of ${words.transaction(writer)}, which went on to write ${short(next)}.`,
    detail: {
      key: words.key(read),
      element: words.result(write),
      writer: words.value(writer),
      reader: words.value(reader),
    },
  };
}
