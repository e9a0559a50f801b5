/**
 * Histories of transactions in the manner of Elle's own generator: 1 to 4 micro-operations, ten keys at a time, a few
 * of them chosen most of the time, and a new key for one that was written to often enough. The database is simulated,
 * so what a history has in it is known.
 */
import type { Columns } from "../history/columns/columns.ts";
import { NO_PARTNER, TYPE } from "../history/columns/columns.ts";
import { seededRandom } from "../history/random.ts";
import { Tape } from "../history/columns/tape.ts";

/**
 * Whether a transaction takes its effect at one moment, or reads from a snapshot of its beginning and only its writes
 * are protected from each other.
 */
export type Isolation = "serializable" | "snapshot";

export interface TransactionsPlan {
  readonly sort: "list-append" | "rw-register";
  readonly transactions: number;
  readonly isolation: Isolation;
  /** How many processes there are. */
  readonly concurrency: number;
  readonly seed: number;
}

const ACTIVE_KEYS = 10;
const MAX_WRITES_PER_KEY = 32;
const MAX_LENGTH = 4;

/** A key: what was written to it, oldest first (for registers the last one counts). */
interface Key {
  readonly name: number;
  readonly elements: number[];
  /** How many writes were begun. */
  writes: number;
}

interface Open {
  readonly invoked: number;
  readonly keys: readonly Key[];
  /** What is written, or 0 for a read. */
  readonly written: readonly number[];
  /** How long each key was when it began, or when it took its effect. */
  lengths: number[];
}

export function generateTransactions({ sort, transactions, isolation, concurrency, seed }: TransactionsPlan): Columns {
  const random = seededRandom(seed);
  const tape = new Tape(transactions * 64);
  const length = transactions * 2;
  const columns = {
    length,
    time: new Float64Array(length),
    process: new Int32Array(length),
    type: new Uint8Array(length),
    f: new Uint16Array(length),
    names: ["txn"],
    value: new Int32Array(length),
    tape,
    partner: new Int32Array(length).fill(NO_PARTNER),
  };
  const [read, write] = [tape.textWord("r"), tape.textWord(sort === "list-append" ? "append" : "w")];
  let names = 0;
  const newKey = (): Key => ({ name: (names += 1), elements: [], writes: 0 });
  const active = Array.from({ length: ACTIVE_KEYS }, newKey);
  const open: (Open | undefined)[] = Array.from({ length: concurrency }, () => undefined);
  let [event, begun] = [0, 0];
  while (event < length) {
    const process = random.integer(0, concurrency - 1);
    const running = open[process];
    if (running === undefined) {
      if (begun === transactions) continue;
      begun += 1;
      open[process] = begin(process);
    } else {
      open[process] = undefined;
      complete(process, running);
    }
  }
  return columns;

  function begin(process: number): Open {
    const keys: Key[] = [];
    const written: number[] = [];
    for (let left = random.integer(1, MAX_LENGTH); left > 0; left -= 1) {
      // Each key is half as likely as the one before it.
      const place = Math.min(ACTIVE_KEYS - 1, Math.clz32(random.integer(1, 2 ** ACTIVE_KEYS - 1)) - (32 - ACTIVE_KEYS));
      let key = active[place] as Key;
      const writes = random.integer(0, 1) === 1;
      if (writes && key.writes === MAX_WRITES_PER_KEY) key = active[place] = newKey();
      keys.push(key);
      if (writes) key.writes += 1;
      written.push(writes ? key.writes : 0);
    }
    const invoked = put(process, TYPE.invoke, () => {
      const at = tape.beginArray(keys.length);
      keys.forEach((key, i) => microOperation(key, written[i] as number, undefined));
      tape.end(at);
    });
    return { invoked, keys, written, lengths: keys.map(({ elements }) => elements.length) };
  }

  function complete(process: number, { invoked, keys, written, lengths }: Open): void {
    // First committer wins: a snapshot that is too old to write is taken anew.
    const stale = keys.some((key, i) => written[i] !== 0 && key.elements.length !== lengths[i]);
    const seen = isolation === "snapshot" && !stale ? lengths : keys.map(({ elements }) => elements.length);
    const completed = put(process, TYPE.ok, () => {
      const at = tape.beginArray(keys.length);
      keys.forEach((key, i) => {
        microOperation(key, written[i] as number, () => {
          const own = keys.flatMap((other, j) =>
            j < i && other === key && written[j] !== 0 ? [written[j] as number] : [],
          );
          const base = seen[i] as number;
          if (sort === "rw-register") tape.append(own.at(-1) ?? key.elements[base - 1] ?? null);
          else {
            const list = tape.beginArray(base + own.length);
            for (let e = 0; e < base; e += 1) tape.append(key.elements[e] as number);
            for (const element of own) tape.append(element);
            tape.end(list);
          }
        });
      });
      tape.end(at);
    });
    keys.forEach((key, i) => {
      if (written[i] !== 0) key.elements.push(written[i] as number);
    });
    columns.partner[invoked] = completed;
    columns.partner[completed] = invoked;
  }

  function microOperation(key: Key, written: number, result: (() => void) | undefined): void {
    const at = tape.beginArray(3);
    tape.appendWord(written === 0 ? read : write);
    tape.append(key.name);
    if (written !== 0) tape.append(written);
    else if (result === undefined) tape.append(null);
    else result();
    tape.end(at);
  }

  function put(process: number, type: number, value: () => void): number {
    const i = event;
    event += 1;
    columns.time[i] = i;
    columns.process[i] = process;
    columns.type[i] = type;
    columns.value[i] = tape.length;
    value();
    return i;
  }
}
