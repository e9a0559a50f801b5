/** Small random histories of transactions on a database that is as wrong as chance makes it. */
import fc from "fast-check";
import type { EventType, Json } from "../../../history/operation.ts";
import type { MicroOperation, TxnEvent } from "./txn-history.ts";
import { txnEvent } from "./txn-history.ts";

export type Sort = "list" | "register";

export interface Settings {
  readonly sort: Sort;
  readonly maxTxns: number;
  /** Whether a last transaction reads every key. */
  readonly finalReads: boolean;
}

interface Step {
  readonly client: number;
  readonly operations: readonly { readonly reads: boolean; readonly key: number; readonly pick: number }[];
  readonly ending: number;
  readonly noise: number;
}

const KEYS = ["x", "y"];
/** The draw is one in 16; a database that does everything right is often enough among them. */
const step: fc.Arbitrary<Step> = fc.record({
  client: fc.nat(2),
  operations: fc.array(fc.record({ reads: fc.boolean(), key: fc.nat(1), pick: fc.nat(15) }), {
    minLength: 1,
    maxLength: 3,
  }),
  ending: fc.nat(15),
  noise: fc.nat(15),
});

export function arbitraryTxns(settings: Settings): fc.Arbitrary<TxnEvent[]> {
  return fc
    .tuple(fc.array(step, { minLength: 2, maxLength: settings.maxTxns * 2 + 2 }), fc.nat(3))
    .map(([steps, wrongness]) => interpret(steps, settings, wrongness));
}

/** A step of a client invokes a transaction, and its next one completes it. */
function interpret(steps: readonly Step[], { sort, maxTxns, finalReads }: Settings, wrongness: number): TxnEvent[] {
  const events: TxnEvent[] = [];
  const open: ({ process: number; txn: MicroOperation[]; step: Step; snapshot: Map<string, Json[]> } | undefined)[] =
    [];
  /** Everything that was written to each key, oldest first. */
  const written = new Map<string, Json[]>();
  let [value, txns] = [0, 0];
  const processes = [0, 1, 2];
  for (const each of steps) {
    const running = open[each.client];
    if (running === undefined) {
      if (txns === maxTxns) continue;
      txns += 1;
      const txn = each.operations.map(({ reads, key }): MicroOperation => {
        const name = KEYS[key] as string;
        if (reads) return ["r", name, null];
        value += 1;
        return [sort === "list" ? "append" : "w", name, value];
      });
      const process = processes[each.client] as number;
      events.push(txnEvent(process, "invoke", txn));
      open[each.client] = { process, txn, step: each, snapshot: copy(written) };
      continue;
    }
    complete(each.client, each.ending);
  }
  for (const client of [0, 1, 2]) if (open[client] !== undefined) complete(client, open[client]?.step.noise ?? 0);
  if (finalReads) {
    const txn = KEYS.map((key): MicroOperation => ["r", key, null]);
    events.push(txnEvent(99, "invoke", txn));
    events.push(
      txnEvent(
        99,
        "ok",
        txn.map(([f, key]) => [f, key, result(written.get(key as string) ?? [])] as const),
      ),
    );
  }
  return events;

  function complete(client: number, ending: number): void {
    const running = open[client];
    if (running === undefined) return;
    open[client] = undefined;
    const type: EventType = ending < 12 ? "ok" : ending < 14 ? "info" : "fail";
    const applies =
      type === "ok" ? ending < 11 || wrongness < 3 : type === "info" ? ending === 12 : ending === 14 && wrongness === 3;
    // From a database that is serializable by one lock, through snapshots that are never validated, to stale and dirty
    // reads.
    const snapshot = wrongness === 0 ? written : running.step.noise % 2 === 0 ? running.snapshot : written;
    const own = new Map<string, Json[]>();
    const txn = running.txn.map(([f, key, v], i): MicroOperation => {
      const name = key as string;
      if (f !== "r") {
        own.set(name, [...(own.get(name) ?? []), v]);
        return [f, key, v];
      }
      const pick = running.step.operations[i]?.pick ?? 0;
      let held = [...(snapshot.get(name) ?? [])];
      if (wrongness >= 2 && pick > 12) held = held.slice(0, pick % (held.length + 1));
      if (wrongness === 3 && pick === 9) held = (written.get(name) ?? []).toReversed();
      if (wrongness === 3 && pick === 10) held = [...held, running.txn.findLast(([g]) => g !== "r")?.[2] ?? 77];
      return ["r", key, result([...held, ...(own.get(name) ?? [])])];
    });
    events.push(txnEvent(running.process, type, txn));
    if (applies) for (const [name, values] of own) written.set(name, [...(written.get(name) ?? []), ...values]);
    if (type === "info") processes[client] = (processes[client] as number) + 10;
  }

  function result(held: readonly Json[]): Json {
    return sort === "list" ? held : (held.at(-1) ?? null);
  }
}

function copy(state: ReadonlyMap<string, Json[]>): Map<string, Json[]> {
  return new Map([...state].map(([key, values]) => [key, [...values]]));
}
