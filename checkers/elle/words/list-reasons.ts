/** Why one transaction on lists comes before another. */
import { KIND_NAMES, RW, WR, WW } from "../graph/graph.ts";
import type { Reason, Reasons } from "./reason.ts";
import { orderReason } from "./reason.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NONE } from "../transactions/transactions.ts";
import type { ListVersions } from "../versions/list-versions.ts";
import type { Words } from "./words.ts";
import { short } from "./words.ts";

export function listReasons(transactions: Transactions, versions: ListVersions, words: Words): Reasons {
  const { starts: first, key, transaction, writes, refused } = transactions;
  const { starts, sizes, complete, append, writer, before, overwritten, slot, seen, longest } = versions;

  return (from, to, kind) => {
    const reason =
      kind === WW
        ? overwrite(from, to)
        : kind === WR
          ? readFrom(from, to)
          : kind === RW
            ? notSeen(from, to)
            : orderReason(transactions, from, to, kind);
    if (reason !== undefined) return reason;
    throw new Error(`no reason for the ${KIND_NAMES[kind] ?? kind} edge from transaction ${from} to ${to}`);
  };

  function overwrite(from: number, to: number): Reason | undefined {
    for (const m of operationsOf(to)) {
      if (writes[m] === 0) continue;
      const k = key[m] as number;
      const start = starts[k] as number;
      const i = slot[m] as number;
      if (i !== NONE) {
        if (i === start || before[i - 1] !== from || writer[i] !== to) continue;
        const element = words.result(lastAppend(from, i - 1));
        return {
          because: (a, b) =>
            `in ${short(words.key(m))}, ${b}'s ${short(words.result(m))} came next after ${a}'s ${short(element)}`,
          detail: { key: words.key(m), after: element, element: words.result(m) },
          shownBy: [transaction[longest[k] as number] as number],
        };
      }
      if (!comesLast(m)) continue;
      const size = sizes[k] as number;
      if (size === 0 || before[start + size - 1] !== from) continue;
      const element = words.result(lastAppend(from, start + size - 1));
      return {
        because: (a, b) =>
          `the longest read of ${short(words.key(m))} ends with ${a}'s ${short(element)}, and ${b}'s ${short(words.result(m))} is not in it, so it came later`,
        detail: { key: words.key(m), after: element, element: words.result(m) },
        shownBy: [transaction[longest[k] as number] as number],
      };
    }
    return undefined;
  }

  function readFrom(from: number, to: number): Reason | undefined {
    for (const m of operationsOf(to)) {
      const length = seen[m] as number;
      if (length <= 0) continue;
      const last = (starts[key[m] as number] as number) + length - 1;
      if (before[last] !== from) continue;
      const element = words.result(lastAppend(from, last));
      return {
        because: (a, b) =>
          `${b} read ${short(words.result(m))} from ${short(words.key(m))}, with ${a}'s ${short(element)}`,
        detail: { key: words.key(m), element, read: words.result(m) },
        shownBy: [],
        read: m,
      };
    }
    return undefined;
  }

  function notSeen(from: number, to: number): Reason | undefined {
    for (const m of operationsOf(from)) {
      const length = seen[m] as number;
      if (length === NONE) continue;
      const k = key[m] as number;
      const start = starts[k] as number;
      const next = overwritten[start + length] as number;
      let missed = NONE;
      if (next < start + (sizes[k] as number)) {
        if (writer[next] === to) missed = append[next] as number;
      } else missed = operationsOf(to).find((n) => key[n] === k && writes[n] === 1 && comesLast(n)) ?? NONE;
      if (missed === NONE) continue;
      const element = words.result(missed);
      return {
        because: (a, b) =>
          `${a} read ${short(words.result(m))} from ${short(words.key(m))}, without ${b}'s ${short(element)}`,
        detail: { key: words.key(m), element, read: words.result(m) },
        shownBy: [],
        read: m,
      };
    }
    return undefined;
  }

  /** An append that nobody read, although the whole order is known. */
  function comesLast(m: number): boolean {
    const k = key[m] as number;
    return slot[m] === NONE && complete[k] === 1 && refused[k] === 0;
  }

  /** The last append of a transaction in the slots up to that one. */
  function lastAppend(t: number, upTo: number): number {
    let i = upTo;
    while (writer[i] !== t) i -= 1;
    return append[i] as number;
  }

  function operationsOf(t: number): number[] {
    const [low, high] = [first[t] as number, first[t + 1] as number];
    return Array.from({ length: high - low }, (_, i) => low + i);
  }
}
