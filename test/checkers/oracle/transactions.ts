/**
 * Whether a small history of transactions is serializable, or allowed by snapshot isolation: by trying every order.
 * Written without a look at the checkers.
 */
import type { Json } from "../../../history/operation.ts";
import type { MicroOperation, TxnEvent } from "../elle/txn-history.ts";

/** What an order of transactions must keep to besides. */
export type Order = "none" | "process" | "real-time";

interface Txn {
  readonly process: number;
  readonly operations: readonly MicroOperation[];
  readonly outcome: "ok" | "info";
  readonly invoked: number;
  readonly completed: number;
}

function transactionsIn(events: readonly TxnEvent[]): Txn[] {
  const txns: Txn[] = [];
  events.forEach(({ process, type, txn }, invoked) => {
    if (type !== "invoke") return;
    const completed = events.findIndex((other, i) => i > invoked && other.process === process);
    const end = events[completed];
    if (end?.type === "fail") return;
    if (end?.type === "ok") txns.push({ process, operations: end.txn, outcome: "ok", invoked, completed });
    else txns.push({ process, operations: txn, outcome: "info", invoked, completed: Infinity });
  });
  return txns;
}

function mustPrecede(a: Txn, b: Txn, order: Order): boolean {
  if (order === "none" || a.completed >= b.invoked) return false;
  return order === "real-time" || a.process === b.process;
}

type State = ReadonlyMap<string, Json>;

/** The state after a transaction that starts with that state, or undefined where it cannot have read what it read. */
function run(txn: Txn, start: State): State | undefined {
  const state = new Map(start);
  for (const [f, key, value] of txn.operations) {
    const name = JSON.stringify(key);
    const held = state.get(name);
    if (f === "append") state.set(name, [...((held ?? []) as Json[]), value]);
    else if (f === "w") state.set(name, value);
    else if (txn.outcome === "ok") {
      const expected = held ?? (Array.isArray(value) ? [] : null);
      if (JSON.stringify(expected) !== JSON.stringify(value)) return undefined;
    }
  }
  return state;
}

function* choicesOfInfos(txns: readonly Txn[]): Generator<readonly Txn[]> {
  const infos = txns.filter(({ outcome }) => outcome === "info");
  for (let mask = 0; mask < 2 ** infos.length; mask += 1)
    yield txns.filter((txn) => txn.outcome === "ok" || (mask & (1 << infos.indexOf(txn))) !== 0);
}

export function isSerializable(events: readonly TxnEvent[], order: Order): boolean {
  const place = (left: readonly Txn[], state: State): boolean => {
    if (left.length === 0) return true;
    return left.some((txn) => {
      if (left.some((other) => other !== txn && mustPrecede(other, txn, order))) return false;
      const next = run(txn, state);
      return (
        next !== undefined &&
        place(
          left.filter((other) => other !== txn),
          next,
        )
      );
    });
  };
  for (const txns of choicesOfInfos(transactionsIn(events))) if (place(txns, new Map())) return true;
  return false;
}

/**
 * Snapshot isolation as a machine: a transaction takes a snapshot when it starts, and may commit if nobody wrote a key
 * of its in between. With an order, who comes later starts after the commit of who came earlier.
 */
export function isSnapshotIsolated(events: readonly TxnEvent[], order: Order): boolean {
  interface Running {
    readonly txn: Txn;
    readonly commits: number;
  }
  const writesOf = (txn: Txn): Set<string> =>
    new Set(txn.operations.filter(([f]) => f !== "r").map(([, key]) => JSON.stringify(key)));
  const place = (
    waiting: readonly Txn[],
    running: readonly Running[],
    log: readonly Set<string>[],
    state: State,
  ): boolean => {
    if (waiting.length === 0 && running.length === 0) return true;
    for (const txn of waiting) {
      const unfinished = [...waiting, ...running.map((each) => each.txn)];
      if (unfinished.some((other) => other !== txn && mustPrecede(other, txn, order))) continue;
      // Reads depend on the snapshot alone, so they are checked at once.
      if (run(txn, state) === undefined) continue;
      if (
        place(
          waiting.filter((other) => other !== txn),
          [...running, { txn, commits: log.length }],
          log,
          state,
        )
      )
        return true;
    }
    for (const each of running) {
      const own = writesOf(each.txn);
      if (log.slice(each.commits).some((written) => [...written].some((key) => own.has(key)))) continue;
      const next = new Map(state);
      for (const [f, key, value] of each.txn.operations) {
        const name = JSON.stringify(key);
        if (f === "append") next.set(name, [...((next.get(name) ?? []) as Json[]), value]);
        else if (f === "w") next.set(name, value);
      }
      if (
        place(
          waiting,
          running.filter((other) => other !== each),
          [...log, own],
          next,
        )
      )
        return true;
    }
    return false;
  };
  for (const txns of choicesOfInfos(transactionsIn(events))) if (place(txns, [], [], new Map())) return true;
  return false;
}
