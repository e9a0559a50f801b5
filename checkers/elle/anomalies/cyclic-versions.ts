/** The versions of a register, put in order by different sources, go in a circle. */
import { short } from "../words/words.ts";
import type { VersionOrder } from "../versions/version-order.ts";
import type { RegisterContext } from "./register-context.ts";

export function cyclicVersions(
  { transactions, findings, words }: RegisterContext,
  cyclic: VersionOrder["cyclic"],
): void {
  const { columns, keyWords } = transactions;
  for (const { key, source, transactions: shown } of cyclic) {
    findings.add("cyclic-versions", () => {
      const name = columns.tape.scalar(keyWords[key] as number);
      return {
        transactions: shown,
        sentence: `The versions of ${short(name)} go in a circle when they are put in order by ${source}: ${shown
          .slice(0, 8)
          .map((t) => words.transaction(t))
          .join("; ")}.`,
        detail: { key: name, source, transactions: shown.slice(0, 8).map((t) => words.value(t)) },
      };
    });
  }
}
