/** The smallest part of a history found that shows an anomaly by itself, which is tried out. */
import type { Columns } from "../../history/columns/columns.ts";
import { NO_PARTNER } from "../../history/columns/columns.ts";
import type { Examination, Examine } from "./examination.ts";
import type { Found } from "./findings.ts";
import { eventsOf } from "./transactions/transactions.ts";

/**
 * How many events are examined again at most; what is left then is believed: each edge of it was recomputed when it was
 * put into words.
 */
const MAX_EVENTS = 600_000;
/** Larger sets are not made smaller. */
const MAX_SHRUNK = 4_000;

/** An anomaly with the events that show it alone. */
export interface Shown {
  readonly found: Found;
  /** Rising. */
  readonly events: readonly number[];
}

export class Witnesses {
  readonly #examine: Examine;
  readonly #examination: Examination;
  #budget = MAX_EVENTS;

  constructor(examination: Examination, examine: Examine) {
    this.#examination = examination;
    this.#examine = examine;
  }

  /**
   * Those anomalies of a name whose transactions have it by themselves. (Without the transactions between them two may
   * turn out to be closer, and have a worse anomaly instead.) There is always one: where none is left, the whole
   * history is made smaller until it has no transaction too many.
   */
  of(name: string, anomalies: readonly Found[]): Shown[] {
    const shown: Shown[] = [];
    for (const found of anomalies) {
      const { transactions, told = transactions.length } = found;
      const chosen = [...new Set(transactions)];
      if (!this.#shows(name, chosen)) continue;
      shown.push({ found, events: this.#eventsOf(this.#shrunk(name, chosen, new Set(transactions.slice(0, told)))) });
    }
    const [first] = anomalies;
    if (shown.length > 0 || first === undefined) return shown;
    const all = Array.from({ length: this.#examination.transactions.length }, (_, t) => t);
    return [{ found: first, events: this.#eventsOf(this.#shrunk(name, all, new Set())) }];
  }

  /**
   * Leaves out ever smaller parts, as long as the rest still shows the anomaly (Zeller and Hildebrandt, "Simplifying
   * and Isolating Failure-Inducing Input", 2002).
   */
  #shrunk(name: string, transactions: readonly number[], kept: ReadonlySet<number>): readonly number[] {
    let chosen = transactions;
    if (chosen.length > MAX_SHRUNK) return chosen;
    for (let size = chosen.length >> 1; size > 0; size >>= 1) {
      for (let end = chosen.length; end > 0; end -= size) {
        const fewer = chosen.filter((t, i) => i >= end || i < end - size || kept.has(t));
        if (fewer.length === 0 || fewer.length === chosen.length || this.#budget < fewer.length * 2) continue;
        if (this.#shows(name, fewer)) chosen = fewer;
      }
    }
    return chosen;
  }

  #shows(name: string, chosen: readonly number[]): boolean {
    const events = this.#eventsOf(chosen);
    if (this.#budget < events.length) return true;
    this.#budget -= events.length;
    return this.#examine(part(this.#examination.transactions.columns, events)).counts.has(name);
  }

  #eventsOf(transactions: readonly number[]): number[] {
    return eventsOf(this.#examination.transactions, transactions);
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
