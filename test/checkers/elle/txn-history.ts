/** Histories of transactions for tests, said in few words. */
import type { Columns } from "../../../history/columns/columns.ts";
import { columnsOf } from "../../../history/columns/columns.ts";
import type { EventType, HistoryEvent, Json } from "../../../history/operation.ts";

/** One micro-operation: `["append", "x", 1]`, `["w", "x", 1]`, or a read with its result. */
export type MicroOperation = readonly [f: string, key: Json, value: Json];

/** One event of a history of transactions. */
export interface TxnEvent {
  readonly process: number;
  readonly type: EventType;
  readonly txn: readonly MicroOperation[];
}

/** The event with what it says of reads: nothing but when it is `ok`. */
export function txnEvent(process: number, type: EventType, txn: readonly MicroOperation[]): TxnEvent {
  return {
    process,
    type,
    txn: type === "ok" ? txn : txn.map(([f, key, value]) => [f, key, f === "r" ? null : value] as const),
  };
}

export function columnsOfTxns(events: readonly TxnEvent[]): Columns {
  return columnsOf({
    events: events.map(({ process, type, txn }, index): HistoryEvent => ({
      index,
      time: index,
      process,
      type,
      f: "txn",
      value: txn,
    })),
  });
}

/**
 * Transactions that all overlap, so that real time says nothing: `ok`, or with `fail` or `info` before them. Such as `a
 * x1 r y[1,2]`, `fail a x1`, `w x1 r yN` (N: null). A `|` between them ends all that are open.
 */
export function overlapping(...lines: readonly string[]): Columns {
  const events: TxnEvent[] = [];
  let open: TxnEvent[] = [];
  let process = 0;
  const end = (): void => {
    events.push(...open.map((each) => txnEvent(each.process, each.type, each.txn)));
    open = [];
  };
  for (const line of lines) {
    if (line === "|") {
      end();
      continue;
    }
    const groups = /^(?:p(\d+) )?(?:(ok|fail|info) )?(.*)$/.exec(line);
    if (groups === null) throw new SyntaxError(`no transaction: ${line}`);
    const [, own, type, text = ""] = groups as unknown as [string, string?, EventType?, string?];
    const txn = parse(text);
    const by = own === undefined ? process : Number(own);
    process = Math.max(process, by) + 1;
    events.push(txnEvent(by, "invoke", txn));
    open.push({ process: by, type: type ?? "ok", txn });
  }
  end();
  return columnsOfTxns(events);
}

function parse(text: string): MicroOperation[] {
  return [...text.matchAll(/(a|w|r) ([a-z])(N|\d+|\[[\d,]*\])/g)].map(([, f, key, value]) => [
    f === "a" ? "append" : (f as string),
    key as string,
    value === "N" ? null : (JSON.parse(value as string) as Json),
  ]);
}
