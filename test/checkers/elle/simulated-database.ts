/** Databases that keep one promise and break the next one, with the histories that their clients record. */
import { seededRandom } from "../../../history/random.ts";
import type { EventType, Json } from "../../../history/operation.ts";
import type { MicroOperation, TxnEvent } from "./txn-history.ts";
import { txnEvent } from "./txn-history.ts";

type Isolation =
  /** Every transaction takes its effect at one moment. */
  | "strict"
  /** Reads from a snapshot, and the first to commit a key wins. */
  | "snapshot"
  /** Every read sees what is committed by then; writes become visible together. */
  | "read-committed"
  /** What only reads is answered by a replica that lags behind. */
  | "stale-replica";

export interface Database {
  readonly isolation: Isolation;
  readonly sort: "list" | "register";
  readonly transactions: number;
  readonly seed: number;
  /** A transaction that was applied is reported as failed now and then. */
  readonly ghosts?: boolean;
}

interface Running {
  readonly process: number;
  readonly operations: MicroOperation[];
  /** How many operations have been done; all of them at once but in read-committed. */
  done: number;
  /** How many commits it sees; undefined before its snapshot. */
  snapshot: number | undefined;
  outcome: EventType | undefined;
}

/** One commit: what it wrote. */
type Commit = readonly (readonly [key: string, value: Json])[];

const CLIENTS = 5;
const KEYS = 4;

export function simulate({ isolation, sort, transactions, seed, ghosts = false }: Database): TxnEvent[] {
  const random = seededRandom(seed);
  const events: TxnEvent[] = [];
  const log: Commit[] = [];
  const running: (Running | undefined)[] = Array.from({ length: CLIENTS }, () => undefined);
  const processes = Array.from({ length: CLIENTS }, (_, i) => i);
  let [begun, value, lag] = [0, 0, 0];
  while (begun < transactions || running.some((each) => each !== undefined)) {
    const client = random.integer(0, CLIENTS - 1);
    lag = Math.min(log.length, lag + random.integer(0, 1));
    const each = running[client];
    if (each === undefined) {
      if (begun < transactions) running[client] = begin(client);
    } else if (each.outcome === undefined) act(each);
    else {
      running[client] = undefined;
      // A lost acknowledgement: nobody knows that it was applied; and one that never was.
      const lost = random.integer(0, 19) === 0;
      const type = lost ? "info" : each.outcome;
      events.push(txnEvent(each.process, type, each.operations));
      if (type === "info") processes[client] = (processes[client] as number) + 100;
    }
  }
  return events;

  function begin(client: number): Running {
    begun += 1;
    const written = new Set<string>();
    const operations: MicroOperation[] = [];
    for (let left = random.integer(1, 4); left > 0; left -= 1) {
      const key = `k${Math.floor(begun / 40)}-${random.integer(1, KEYS)}`;
      // In read-committed, what a transaction reads after its own write is another question.
      if (random.integer(0, 1) === 0 && !(isolation === "read-committed" && written.has(key)))
        operations.push(["r", key, null]);
      else {
        value += 1;
        written.add(key);
        operations.push([sort === "list" ? "append" : "w", key, value]);
      }
    }
    const process = processes[client] as number;
    events.push(txnEvent(process, "invoke", operations));
    return { process, operations, done: 0, snapshot: undefined, outcome: undefined };
  }

  function act(each: Running): void {
    const readOnly = each.operations.every(([f]) => f === "r");
    if (isolation === "read-committed" && each.done < each.operations.length) {
      read(each, each.done, log.length);
      each.done += 1;
      return;
    }
    if (isolation === "snapshot" && each.snapshot === undefined) {
      each.snapshot = log.length;
      return;
    }
    if (random.integer(0, 19) === 0) {
      each.outcome = "fail";
      return;
    }
    if (isolation !== "read-committed") {
      const seen = isolation === "stale-replica" && readOnly ? lag : (each.snapshot ?? log.length);
      const keys = new Set(each.operations.filter(([f]) => f !== "r").map(([, key]) => key));
      if (log.slice(seen).some((commit) => commit.some(([key]) => keys.has(key))) && !readOnly) {
        each.outcome = "fail";
        return;
      }
      for (const i of each.operations.keys()) read(each, i, seen);
    }
    log.push(each.operations.filter(([f]) => f !== "r").map(([, key, v]) => [key as string, v] as const));
    each.outcome = ghosts && random.integer(0, 9) === 0 ? "fail" : "ok";
  }

  /** Puts in what operation `i` reads, where it reads. */
  function read(each: Running, i: number, commits: number): void {
    const [f, key] = each.operations[i] as MicroOperation;
    if (f !== "r") return;
    const held: Json[] = [];
    for (const commit of log.slice(0, commits)) for (const [name, v] of commit) if (name === key) held.push(v);
    for (const [g, name, v] of each.operations.slice(0, i)) if (g !== "r" && name === key) held.push(v);
    each.operations[i] = ["r", key, sort === "list" ? held : (held.at(-1) ?? null)];
  }
}
