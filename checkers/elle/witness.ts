/** The smallest part of a history found that shows an anomaly by itself, which is tried out. */
import type { Columns } from "../../history/columns.ts";
import { NO_PARTNER } from "../../history/columns.ts";
import type { Examination, Examine } from "./examination.ts";
import type { Found } from "./findings.ts";
import { eventsOf } from "./transactions.ts";

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

  /** Indexes of events, rising, which alone have an anomaly of that name. */
  of(name: string, { transactions }: Found): number[] {
    let chosen = [...new Set(transactions)];
    if (!this.#shows(name, chosen)) {
      const all = this.#examination.transactions.length;
      chosen = Array.from({ length: all }, (_, t) => t);
    }
    for (let i = chosen.length - 1; chosen.length <= MAX_SHRUNK && chosen.length > 1 && i >= 0; i -= 1) {
      const fewer = chosen.filter((_, j) => j !== i);
      if (this.#budget > 0 && this.#shows(name, fewer)) chosen = fewer;
    }
    return eventsOf(this.#examination.transactions, chosen);
  }

  /** Too long ones are believed: each edge of theirs was recomputed when it was put into words. */
  #shows(name: string, chosen: readonly number[]): boolean {
    const { transactions } = this.#examination;
    const events = eventsOf(transactions, chosen);
    if (this.#budget < events.length) return true;
    this.#budget -= events.length;
    return this.#examine(part(transactions.columns, events)).counts.has(name);
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
