/** What the searches for anomalies of lists have in common. */
import type { Findings } from "../findings.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NONE } from "../transactions/transactions.ts";
import type { ListVersions } from "../versions/list-versions.ts";
import type { Words } from "../words/words.ts";

export interface ListContext {
  readonly transactions: Transactions;
  readonly versions: ListVersions;
  readonly findings: Findings;
  readonly words: Words;
}

/** How many elements a read has, also such as are in no order. */
export function lengthOf({ columns, value }: Transactions, m: number): number {
  const at = value[m] as number;
  return columns.tape.isNull(at) ? 0 : columns.tape.count(at);
}

/** The append of element `i` of a read, or `NONE` where nobody wrote it. */
export function appendAt(
  { transactions, versions }: Pick<ListContext, "transactions" | "versions">,
  m: number,
  i: number,
): number {
  const { columns, value, key, writeOf } = transactions;
  const k = key[m] as number;
  if (i < (versions.seen[m] as number)) return versions.append[(versions.starts[k] as number) + i] as number;
  return writeOf.get(k, columns.tape.words[(value[m] as number) + 2 + i] as number);
}

/**
 * Goes through the elements for which `wanted` holds: in those of the order it is asked once for each key and slot, in
 * stray reads for each element.
 */
export function readsWith(
  context: ListContext,
  wanted: (append: number) => boolean,
  found: (read: number, index: number) => void,
): void {
  const { transactions, versions } = context;
  const { starts, sizes, append, seen, strays } = versions;
  const first = new Int32Array(sizes.length).fill(NONE);
  let any = strays.length > 0;
  for (let k = 0; k < sizes.length; k += 1) {
    for (let i = 0; i < (sizes[k] as number); i += 1) {
      if (!wanted(append[(starts[k] as number) + i] as number)) continue;
      first[k] = i;
      any = true;
      break;
    }
  }
  if (!any) return;
  const stray = new Set(strays);
  for (let m = 0; m < seen.length; m += 1) {
    if (seen[m] === NONE) continue;
    const i = first[transactions.key[m] as number] as number;
    if (i !== NONE && i < (seen[m] as number)) {
      found(m, i);
      continue;
    }
    if (!stray.has(m)) continue;
    for (let j = seen[m] as number; j < lengthOf(transactions, m); j += 1) {
      if (!wanted(appendAt(context, m, j))) continue;
      found(m, j);
      break;
    }
  }
}
