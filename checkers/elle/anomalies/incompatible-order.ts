/** Two reads of a list, neither a prefix of the other: there is no one order of its versions. */
import { short } from "../words/words.ts";
import type { ListContext } from "./list-context.ts";

export function incompatibleOrders({ transactions, versions, findings, words }: ListContext): void {
  const { transaction, key } = transactions;
  for (const m of versions.divergent) {
    const other = versions.longest[key[m] as number] as number;
    const [a, b] = [transaction[m] as number, transaction[other] as number];
    findings.add("incompatible-order", () => ({
      transactions: a === b ? [a] : [a, b],
      sentence: `${short(words.key(m))} was read as ${short(words.result(m))} by ${words.transaction(a)}, and as ${short(words.result(other))} by ${words.transaction(b)}: neither is a prefix of the other.`,
      detail: { key: words.key(m), reads: [words.result(m), words.result(other)] },
    }));
  }
}
