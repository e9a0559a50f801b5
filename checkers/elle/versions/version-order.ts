/**
 * Partial orders of the versions of registers. Nobody sees in which order registers were overwritten, so it is put
 * together from sources; each but the first rests on an assumption about the database (Elle, section 5). A source that
 * contradicts those before it at a key is left out there, and reported.
 */
import { TYPE } from "../../../history/columns/columns.ts";
import { MAX_ANOMALIES } from "../../analysis.ts";
import type { GraphBuilder } from "../graph/graph.ts";
import { GraphBuilder as Builder, RW, WR, WW } from "../graph/graph.ts";
import { PairTable } from "../../kit/pair-table.ts";
import { ACYCLIC, components } from "../graph/scc.ts";
import type { Transactions } from "../transactions/transactions.ts";
import { NEVER, NONE, NO_INVOCATION } from "../transactions/transactions.ts";
import type { RegisterVersions } from "./register-versions.ts";

/** The assumptions, in the order in which they are made use of. */
const SOURCES = ["wfr-keys", "sequential-keys", "linearizable-keys"] as const;
export type Source = (typeof SOURCES)[number];

export interface VersionOrder {
  /** Pairs of versions, the earlier ones and the later ones; not those from the state before any write. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Why each pair is one. */
  readonly source: readonly Source[];
  /** For each pair the transactions that show it. */
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** Keys at which a source contradicts what was known, with transactions that show it (for the first ones). */
  readonly cyclic: readonly {
    readonly key: number;
    readonly source: Source;
    readonly transactions: readonly number[];
  }[];
}

/** What a transaction has to do with a key. */
interface Touch {
  readonly transaction: number;
  readonly key: number;
  /** The version that it read there first, before it wrote; `NONE` where it did not, or that is not known. */
  readonly met: number;
  /** The version that it wrote, or `NONE`. */
  readonly wrote: number;
}

/** Two versions, and the transactions that had the earlier one and the later one. */
type Pair = (from: number, to: number, first: number, second: number) => void;

/**
 * The writes of processes and of real time come first, alone: where reads contradict them, the writes stand, and the
 * read is seen to be stale.
 */
const STEPS: readonly (readonly [
  Source,
  (transactions: Transactions, versions: RegisterVersions, pair: Pair) => void,
])[] = [
  ["wfr-keys", wfr],
  ["sequential-keys", (transactions, versions, pair) => sequential(transactions, versions, pair, false)],
  ["sequential-keys", (transactions, versions, pair) => sequential(transactions, versions, pair, true)],
  ["linearizable-keys", (transactions, versions, pair) => linearizable(transactions, versions, pair, false)],
  ["linearizable-keys", (transactions, versions, pair) => linearizable(transactions, versions, pair, true)],
];

export function versionOrder(
  transactions: Transactions,
  versions: RegisterVersions,
  sources: readonly Source[],
): VersionOrder {
  const { operations } = transactions;
  let [from, to, source, first, second]: [number[], number[], Source[], number[], number[]] = [[], [], [], [], []];
  const cyclic: VersionOrder["cyclic"][number][] = [];
  for (const [name, add] of STEPS) {
    if (!sources.includes(name)) continue;
    const known = from.length;
    const pair: Pair = (a, b, one, other) => {
      if (a === b) return;
      from.push(a);
      to.push(b);
      source.push(name);
      first.push(one);
      second.push(other);
    };
    add(transactions, versions, pair);
    const bad = contradictions(known);
    const shown = new Map<number, Set<number>>([...bad.keys()].slice(0, MAX_ANOMALIES).map((key) => [key, new Set()]));
    for (let i = 0; i < from.length; i += 1) {
      const set = shown.get(keyOf(from[i] as number));
      const circle = bad.get(keyOf(from[i] as number));
      if (set === undefined || circle?.has(from[i] as number) !== true || !circle.has(to[i] as number)) continue;
      set.add(first[i] as number).add(second[i] as number);
    }
    for (const key of bad.keys()) cyclic.push({ key, source: name, transactions: [...(shown.get(key) ?? [])] });
    if (bad.size === 0) continue;
    const kept = from.map((v, i) => i < known || !bad.has(keyOf(v)));
    from = from.filter((_, i) => kept[i]);
    to = to.filter((_, i) => kept[i]);
    source = source.filter((_, i) => kept[i]);
    first = first.filter((_, i) => kept[i]);
    second = second.filter((_, i) => kept[i]);
  }
  return { from, to, source, first, second, cyclic };

  function keyOf(version: number): number {
    return version < operations ? (transactions.key[version] as number) : version - operations;
  }

  /**
   * For each key at which the pairs go in a circle, the versions of the circle. Nothing comes before the state that was
   * there before any write.
   */
  function contradictions(known: number): Map<number, Set<number>> {
    const bad = new Map<number, Set<number>>();
    if (from.length === known) return bad;
    const builder = new Builder(versions.count, from.length);
    for (let i = 0; i < from.length; i += 1) {
      builder.add(from[i] as number, to[i] as number, WW);
      if ((to[i] as number) >= operations) builder.add(to[i] as number, from[i] as number, WW);
    }
    const { label, count } = components(builder.build(), WW);
    if (count === 0) return bad;
    for (let v = 0; v < versions.count; v += 1) {
      if (label[v] === ACYCLIC) continue;
      const list = bad.get(keyOf(v));
      if (list === undefined) bad.set(keyOf(v), new Set([v]));
      else list.add(v);
    }
    return bad;
  }
}

/** Writes follow reads: what a transaction read at a key, before it wrote there, is older than what it wrote. */
function wfr(transactions: Transactions, versions: RegisterVersions, pair: Pair): void {
  eachTouch(transactions, versions, ({ transaction, met, wrote }) => {
    if (met !== NONE && wrote !== NONE) pair(met, wrote, transaction, transaction);
  });
}

/** Every process sees each key move on only. */
function sequential(transactions: Transactions, versions: RegisterVersions, pair: Pair, reads: boolean): void {
  const table = new PairTable(transactions.operations >> 2);
  /** What the process last left at the key. */
  const left: number[] = [];
  const leaver: number[] = [];
  eachTouch(transactions, versions, ({ transaction, key, met: read, wrote }) => {
    const met = reads ? read : NONE;
    const place = table.getOrSet(key, transactions.process[transaction] as number, left.length);
    const last = place === left.length ? NONE : (left[place] as number);
    if (place === left.length) left.push(NONE);
    const by = leaver[place] as number;
    if (last !== NONE && met !== NONE) pair(last, met, by, transaction);
    if (last !== NONE && wrote !== NONE) pair(last, wrote, by, transaction);
    const now = wrote === NONE ? met : wrote;
    if (now === NONE) return;
    left[place] = now;
    leaver[place] = transaction;
  });
}

/**
 * Each key alone is linearizable: a version is older than another when somebody who had it had ended before somebody
 * began who met the other. With `f` the first such end of a version and `s` the last such beginning, `x` is older than
 * `y` exactly when f(x) < s(y) (Gibbons and Korach's zones). Only pairs with none in between are given: at most as many
 * for each version as transactions run at once.
 */
function linearizable(transactions: Transactions, versions: RegisterVersions, pair: Pair, reads: boolean): void {
  const { operations, invoked, completed, outcome, key } = transactions;
  const f = new Int32Array(versions.count).fill(NEVER);
  const s = new Int32Array(versions.count).fill(-1);
  /** The transactions whose moments `f` and `s` are. */
  const ender = new Int32Array(versions.count).fill(NONE);
  const starter = new Int32Array(versions.count).fill(NONE);
  const present = new Uint8Array(versions.count);
  eachTouch(transactions, versions, ({ transaction, met, wrote }) => {
    if (invoked[transaction] === NO_INVOCATION) return;
    for (const v of reads ? [met, wrote] : [wrote]) {
      if (v === NONE) continue;
      present[v] = 1;
      if ((invoked[transaction] as number) > (s[v] as number)) {
        s[v] = invoked[transaction] as number;
        starter[v] = transaction;
      }
      if (outcome[transaction] === TYPE.ok && (completed[transaction] as number) < (f[v] as number)) {
        f[v] = completed[transaction] as number;
        ender[v] = transaction;
      }
    }
  });
  const add = (a: number, b: number): void => pair(a, b, ender[a] as number, starter[b] as number);
  const byKey: number[][] = Array.from({ length: transactions.keyWords.length }, () => []);
  for (let v = 0; v < versions.count; v += 1)
    if (present[v] === 1) byKey[v < operations ? (key[v] as number) : v - operations]?.push(v);
  for (const list of byKey) {
    list.sort((a, b) => (f[a] as number) - (f[b] as number));
    /** The two of the list's first versions that have the greatest `s`. */
    const greatest: number[] = [];
    const second: number[] = [];
    let [first, next] = [NONE, NONE];
    for (const v of list) {
      if (first === NONE || (s[v] as number) > (s[first] as number)) [first, next] = [v, first];
      else if (next === NONE || (s[v] as number) > (s[next] as number)) next = v;
      greatest.push(first);
      second.push(next);
    }
    for (const v of list) {
      let [low, high] = [0, list.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((f[list[middle] as number] as number) < (s[v] as number)) low = middle + 1;
        else high = middle;
      }
      if (low === 0) continue;
      const top = greatest[low - 1] === v ? (second[low - 1] as number) : (greatest[low - 1] as number);
      if (top === NONE) continue;
      // Two versions that are each older than the other: no need to look further, the contradiction is in these two.
      if ((s[top] as number) > (f[v] as number)) {
        add(top, v);
        add(v, top);
        continue;
      }
      add(top, v);
      for (let i = low - 1; i >= 0 && (f[list[i] as number] as number) >= (s[top] as number); i -= 1)
        if (list[i] !== top) add(list[i] as number, v);
    }
  }
}

/** What each transaction that may have happened has to do with each of its keys, in the order of the transactions. */
function eachTouch(
  { operations, transaction, outcome, writes, key, previous, refused }: Transactions,
  versions: RegisterVersions,
  visit: (touch: Touch) => void,
): void {
  /**
   * The first micro-operation of the same transaction on the same key; and for each first one the version that is
   * written.
   */
  const root = new Int32Array(operations);
  const written = new Int32Array(operations).fill(NONE);
  for (let m = 0; m < operations; m += 1) {
    root[m] = previous[m] === NONE ? m : (root[previous[m] as number] as number);
    if (writes[m] === 1) written[root[m] as number] = versions.version[m] as number;
  }
  for (let m = 0; m < operations; m += 1) {
    const t = transaction[m] as number;
    const k = key[m] as number;
    if (previous[m] !== NONE || outcome[t] === TYPE.fail || refused[k] === 1) continue;
    const met = outcome[t] === TYPE.ok && writes[m] === 0 ? versions.seen(m) : NONE;
    const wrote = written[m] as number;
    // A transaction that reads what it writes only later contradicts itself, which is found elsewhere.
    visit({ transaction: t, key: k, met: met === wrote ? NONE : met, wrote });
  }
}

/** What the order of versions says about the order of transactions: ww, wr and rw. */
export function addRegisterEdges(
  transactions: Transactions,
  versions: RegisterVersions,
  order: VersionOrder,
  builder: GraphBuilder,
): void {
  const { operations, transaction, writes, outcome, key, refused } = transactions;
  /** Readers of each version in compressed rows. */
  const starts = new Int32Array(versions.count + 1);
  const seen = new Int32Array(operations).fill(NONE);
  for (let m = 0; m < operations; m += 1) {
    const v = versions.seen(m);
    if (v === NONE || (v < operations && transaction[v] === transaction[m])) continue;
    seen[m] = v;
    starts[v + 1] = (starts[v + 1] as number) + 1;
    if (v < operations) builder.add(transaction[v] as number, transaction[m] as number, WR);
  }
  for (let v = 0; v < versions.count; v += 1) starts[v + 1] = (starts[v + 1] as number) + (starts[v] as number);
  const readers = new Int32Array(starts[versions.count] as number);
  const next = starts.slice(0, versions.count);
  for (let m = 0; m < operations; m += 1) {
    const v = seen[m] as number;
    if (v === NONE) continue;
    readers[next[v] as number] = transaction[m] as number;
    next[v] = (next[v] as number) + 1;
  }

  const later: (number[] | undefined)[] = [];
  later.length = versions.count;
  const preceded = new Uint8Array(versions.count);
  for (let i = 0; i < order.from.length; i += 1) {
    const [a, b] = [order.from[i] as number, order.to[i] as number];
    if (b >= operations) continue;
    if (a < operations) preceded[b] = 1;
    (later[a] ??= []).push(b);
  }
  // The state before any write comes before all others: an edge to those that nothing else comes before is enough.
  for (let m = 0; m < operations; m += 1) {
    if (writes[m] === 0 || versions.version[m] !== m || preceded[m] === 1) continue;
    if (outcome[transaction[m] as number] === TYPE.fail || refused[key[m] as number] === 1) continue;
    (later[operations + (key[m] as number)] ??= []).push(m);
  }
  for (let v = 0; v < versions.count; v += 1) {
    const list = later[v];
    if (list === undefined) continue;
    const [low, high] = [starts[v] as number, starts[v + 1] as number];
    if (list.length === 1) {
      const target = transaction[list[0] as number] as number;
      if (v < operations) builder.add(transaction[v] as number, target, WW);
      for (let i = low; i < high; i += 1) builder.add(readers[i] as number, target, RW);
      continue;
    }
    const targets = [...new Set(list.map((each) => transaction[each] as number))];
    if (v < operations) builder.addAll([transaction[v] as number], targets, WW);
    builder.addAll([...new Set(readers.subarray(low, high))], targets, RW);
  }
}
