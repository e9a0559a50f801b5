/** A list with an element twice, although it was appended once. */
import { NONE } from "../transactions/transactions.ts";
import { short } from "../words/words.ts";
import type { ListContext } from "./list-context.ts";
import { appendAt, lengthOf } from "./list-context.ts";

export function duplicateElements(context: ListContext): void {
  const { transactions, versions, findings, words } = context;
  for (const m of versions.strays) {
    const seen = new Set<number>();
    for (let i = 0; i < lengthOf(transactions, m); i += 1) {
      const append = appendAt(context, m, i);
      if (append === NONE) continue;
      if (!seen.has(append)) {
        seen.add(append);
        continue;
      }
      const reader = transactions.transaction[m] as number;
      const writer = transactions.transaction[append] as number;
      findings.add("duplicate-elements", () => ({
        transactions: [writer, reader],
        sentence: `${words.transaction(reader)} read ${short(words.result(m))} from ${short(words.key(m))}: ${short(words.result(append))} is in it more than once.`,
        detail: { key: words.key(m), element: words.result(append), reader: words.value(reader) },
      }));
      break;
    }
  }
}
