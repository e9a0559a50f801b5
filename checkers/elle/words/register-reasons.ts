/** Why one transaction on registers comes before another. */
import { TYPE } from "../../../history/columns/columns.ts";
import { KIND_NAMES, RW, WR, WW } from "../graph/graph.ts";
import { PairTable } from "../../kit/pair-table.ts";
import type { Reason, Reasons } from "./reason.ts";
import { orderReason } from "./reason.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NONE } from "../transactions/transactions.ts";
import type { Source, VersionOrder } from "../versions/version-order.ts";
import type { RegisterVersions } from "../versions/register-versions.ts";
import type { Words } from "./words.ts";
import { short } from "./words.ts";

const SOURCE_WORDS: { readonly [source in Source]: string } = {
  "wfr-keys": "a transaction that read the one wrote the other",
  "sequential-keys": "one process had the one before the other",
  "linearizable-keys": "somebody had the one and ended, before somebody began who had the other",
};

export function registerReasons(
  transactions: Transactions,
  versions: RegisterVersions,
  order: VersionOrder,
  words: Words,
): Reasons {
  const { starts, operations, key, transaction, writes, outcome } = transactions;
  /** Made when the first edge is explained: mostly there is none. */
  let table: PairTable | undefined;
  const pairOf = (from: number, to: number): number => {
    if (table === undefined) {
      table = new PairTable(order.from.length);
      for (let i = 0; i < order.from.length; i += 1) table.getOrSet(order.from[i] as number, order.to[i] as number, i);
    }
    return table.get(from, to);
  };

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
    for (const v of versionsOf(from)) {
      for (const w of versionsOf(to)) {
        const i = pairOf(v, w);
        if (i === NONE) continue;
        return {
          because: (a, b) =>
            `${b} wrote ${short(words.result(w))} to ${short(words.key(w))}, which is newer than ${a}'s ${short(words.result(v))}: ${sourceOf(i)}`,
          detail: {
            key: words.key(w),
            value: words.result(v),
            newer: words.result(w),
            source: order.source[i] as Source,
          },
          shownBy: shownBy(i),
        };
      }
    }
    return undefined;
  }

  function readFrom(from: number, to: number): Reason | undefined {
    for (const m of operationsOf(to)) {
      const v = versions.seen(m);
      if (v === NONE || v >= operations || transaction[v] !== from) continue;
      return {
        because: (a, b) => `${b} read ${a}'s ${short(words.result(m))} from ${short(words.key(m))}`,
        detail: { key: words.key(m), value: words.result(m) },
        shownBy: [],
        read: m,
      };
    }
    return undefined;
  }

  function notSeen(from: number, to: number): Reason | undefined {
    for (const m of operationsOf(from)) {
      const v = versions.seen(m);
      if (v === NONE) continue;
      for (const w of versionsOf(to)) {
        if (key[w] !== key[m]) continue;
        const i = pairOf(v, w);
        const isInitial = v >= operations;
        if (i === NONE && !isInitial) continue;
        return {
          because: (a, b) =>
            `${a} read ${short(words.result(m))} from ${short(words.key(m))}, and ${b} wrote ${short(words.result(w))} to it, which is newer: ${isInitial ? "the other was there before any write" : sourceOf(i)}`,
          detail: {
            key: words.key(m),
            value: words.result(m),
            newer: words.result(w),
            source: isInitial ? "initial" : (order.source[i] as Source),
          },
          shownBy: isInitial ? [] : [transaction[v] as number, ...shownBy(i)],
          read: m,
        };
      }
    }
    return undefined;
  }

  function sourceOf(i: number): string {
    const source = order.source[i] as Source;
    return `${SOURCE_WORDS[source]} (${source})`;
  }

  function shownBy(i: number): number[] {
    return [order.first[i] as number, order.second[i] as number];
  }

  function versionsOf(t: number): number[] {
    return outcome[t] === TYPE.fail ? [] : operationsOf(t).filter((m) => writes[m] === 1 && versions.version[m] === m);
  }

  function operationsOf(t: number): number[] {
    const [low, high] = [starts[t] as number, starts[t + 1] as number];
    return Array.from({ length: high - low }, (_, i) => low + i);
  }
}
