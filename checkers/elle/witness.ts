/** The smallest part of a history found that shows an anomaly by itself, which is tried out. */
import type { Columns } from "../../history/columns.ts";
import { NO_PARTNER } from "../../history/columns.ts";
import type { Examination, Examine } from "./examination.ts";
import type { Found } from "./findings.ts";
import { eventsOf, NONE } from "./transactions.ts";

const GARBAGE = "garbage-read";
/** Larger sets are not completed by those who wrote what they read. */
const MAX_CLOSED = 32;
/** Smaller sets than this are tried without each of their transactions. */
const MAX_SHRUNK = 40;

export class Witnesses {
  readonly #examine: Examine;
  readonly #examination: Examination;
  /** How many events may still be examined again. */
  #budget = 600_000;

  constructor(examination: Examination, examine: Examine) {
    this.#examination = examination;
    this.#examine = examine;
  }

  /**
   * Indexes of events, rising, which alone have an anomaly of that name.
   * @param smallest whether to make the effort to find the smallest set, and one in which whatever was read was also written.
   */
  of(name: string, { transactions }: Found, smallest: boolean): number[] {
    const closed = smallest ? this.#withWriters(transactions) : undefined;
    let chosen = closed ?? [...new Set(transactions)];
    let clean = closed !== undefined && name !== GARBAGE && this.#shows(name, chosen, true);
    if (closed !== undefined && !clean) chosen = [...new Set(transactions)];
    if (!clean && !this.#shows(name, chosen, false)) {
      chosen = Array.from({ length: this.#examination.transactions.length }, (_, t) => t);
      clean = !this.#examination.counts.has(GARBAGE);
    }
    for (let i = chosen.length - 1; smallest && chosen.length <= MAX_SHRUNK && chosen.length > 1 && i >= 0; i -= 1) {
      const fewer = chosen.filter((_, j) => j !== i);
      if (this.#budget > 0 && this.#shows(name, fewer, clean)) chosen = fewer;
    }
    return eventsOf(this.#examination.transactions, chosen);
  }

  /**
   * The transactions, with those that wrote what they read, and so on; undefined where these are many. Without a writer a value looks as if
   * nobody had written it.
   */
  #withWriters(chosen: readonly number[]): number[] | undefined {
    const { columns, starts, writes, value, key, writeOf, transaction } = this.#examination.transactions;
    const { tape } = columns;
    const closed = new Set(chosen);
    for (const t of closed) {
      for (let m = starts[t] as number; m < (starts[t + 1] as number); m += 1) {
        const at = value[m] as number;
        if (writes[m] === 1 || at === NONE) continue;
        const [first, end] = tape.isArray(at) ? [tape.first(at), tape.next(at)] : [at, at + 1];
        for (let i = first; i < end; i += 1) {
          const write = writeOf.get(key[m] as number, tape.words[i] as number);
          if (write !== NONE) closed.add(transaction[write] as number);
          if (closed.size > Math.max(MAX_CLOSED, chosen.length)) return undefined;
        }
      }
    }
    return [...closed];
  }

  /** Too long ones are believed: each edge of theirs was recomputed when it was put into words. */
  #shows(name: string, chosen: readonly number[], clean: boolean): boolean {
    const { transactions } = this.#examination;
    const events = eventsOf(transactions, chosen);
    if (this.#budget < events.length) return true;
    this.#budget -= events.length;
    const { counts } = this.#examine(part(transactions.columns, events));
    return counts.has(name) && !(clean && counts.has(GARBAGE));
  }
}

/** Only these events, numbered anew. */
export function part(columns: Columns, events: readonly number[]): Columns {
  const place = new Map(events.map((event, i) => [event, i]));
  return {
    length: events.length,
    time: Float64Array.from(events, (i) => columns.time[i] as number),
    process: Int32Array.from(events, (i) => columns.process[i] as number),
    type: Uint8Array.from(events, (i) => columns.type[i] as number),
    f: Uint16Array.from(events, (i) => columns.f[i] as number),
    names: columns.names,
    value: Int32Array.from(events, (i) => columns.value[i] as number),
    tape: columns.tape,
    partner: Int32Array.from(events, (i) => place.get(columns.partner[i] as number) ?? NO_PARTNER),
  };
}
