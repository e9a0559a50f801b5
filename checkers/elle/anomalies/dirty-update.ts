/** Dirty update: an element of a failed transaction stayed in the list, and a committed one was appended behind it. */
import { TYPE } from "../../../history/columns/columns.ts";
import { NONE } from "../transactions/transactions.ts";
import { short } from "../words/words.ts";
import type { ListContext } from "./list-context.ts";

export function dirtyUpdates({ transactions, versions, findings, words }: ListContext): void {
  const { outcome, transaction } = transactions;
  const { longest, starts, sizes, append } = versions;
  for (let k = 0; k < sizes.length; k += 1) {
    const start = starts[k] as number;
    let failed = NONE;
    for (let i = start; i < start + (sizes[k] as number); i += 1) {
      const a = append[i] as number;
      if (a === NONE) continue;
      const type = outcome[transaction[a] as number];
      if (type === TYPE.fail) failed = a;
      if (type !== TYPE.ok || failed === NONE) continue;
      const [bad, good, read] = [failed, a, longest[k] as number];
      const [lost, kept, reader] = [transaction[bad], transaction[good], transaction[read]] as [number, number, number];
      findings.add("dirty-update", () => ({
        transactions: [lost, kept, reader],
        sentence: `${words.transaction(lost)} failed, but its ${short(words.result(bad))} stayed in ${short(words.key(bad))}, and ${words.transaction(kept)} appended ${short(words.result(good))} behind it.`,
        detail: {
          key: words.key(bad),
          failed: words.result(bad),
          committed: words.result(good),
          read: words.result(read),
        },
      }));
      failed = NONE;
    }
  }
}
