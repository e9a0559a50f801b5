/** What the order of versions says about the order of transactions. */
import { TYPE } from "../../../history/columns/columns.ts";
import type { GraphBuilder } from "../graph/graph.ts";
import { RW, WR, WW } from "../graph/graph.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NONE } from "../transactions/transactions.ts";
import type { ListVersions } from "./list-versions.ts";

/**
 * ww from each writer to the next one of the key, wr from the last writer that a read saw to its reader, rw from a
 * reader to the first writer that it did not see. Appends that nobody read come after the longest read, in no order
 * among each other.
 */
export function addListEdges(transactions: Transactions, versions: ListVersions, builder: GraphBuilder): void {
  const { operations, key, transaction, writes, outcome, refused } = transactions;
  const { starts, sizes, complete, writer, before, overwritten, slot, seen } = versions;
  const keys = sizes.length;
  for (let k = 0; k < keys; k += 1) {
    const end = (starts[k] as number) + (sizes[k] as number);
    for (let i = (starts[k] as number) + 1; i < end; i += 1) {
      if (overwritten[i] === i && before[i - 1] !== NONE) builder.add(before[i - 1] as number, writer[i] as number, WW);
    }
  }
  /** For each key with unread appends: who read all that there is, and who wrote what nobody read. */
  const unread = new Map<number, { readers: Set<number>; writers: Set<number> }>();
  for (let m = 0; m < operations; m += 1) {
    const k = key[m] as number;
    if (writes[m] === 0 || slot[m] !== NONE || complete[k] === 0 || refused[k] === 1) continue;
    const t = transaction[m] as number;
    if (outcome[t] === TYPE.fail || t === lastWriter(k)) continue;
    const entry = unread.get(k);
    if (entry === undefined) unread.set(k, { readers: new Set(), writers: new Set([t]) });
    else entry.writers.add(t);
  }
  for (let m = 0; m < operations; m += 1) {
    const length = seen[m] as number;
    if (length === NONE) continue;
    const k = key[m] as number;
    const t = transaction[m] as number;
    const start = starts[k] as number;
    const last = length === 0 ? NONE : (before[start + length - 1] as number);
    // Who read its own append is followed by what follows that append.
    if (last === t) continue;
    if (last !== NONE) builder.add(last, t, WR);
    const next = overwritten[start + length] as number;
    if (next < start + (sizes[k] as number)) builder.add(t, writer[next] as number, RW);
    else unread.get(k)?.readers.add(t);
  }
  for (const [k, { readers, writers }] of unread) {
    const targets = [...writers];
    builder.addAll([...readers], targets, RW);
    const last = lastWriter(k);
    if (last !== NONE) builder.addAll([last], targets, WW);
  }

  function lastWriter(k: number): number {
    const size = sizes[k] as number;
    return size === 0 ? NONE : (before[(starts[k] as number) + size - 1] as number);
  }
}
