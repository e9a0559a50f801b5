/** Gathers anomalies: all are counted, and the first of each name are put into words. */
import type { Json } from "../../history/operation.ts";
import { MAX_ANOMALIES } from "../analysis.ts";

/** An anomaly with the transactions that prove it. */
export interface Found {
  readonly transactions: readonly number[];
  /** How many of the first ones the sentence is about; the others only show that it is true. Default: all. */
  readonly told?: number;
  readonly sentence: string;
  readonly detail: { readonly [name: string]: Json };
}

export class Findings {
  readonly counts = new Map<string, number>();
  readonly found = new Map<string, Found[]>();
  readonly #nameOf: (name: string) => string | undefined;
  /** Whether a cycle of transactions is among them. */
  cycles = false;

  /** @param nameOf what to call an anomaly, or undefined for those to leave out. */
  constructor(nameOf: (name: string) => string | undefined = (name) => name) {
    this.#nameOf = nameOf;
  }

  /** @param describe called only for what will be shown. */
  add(original: string, describe: () => Found): void {
    const name = this.#nameOf(original);
    if (name === undefined) return;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    const list = this.found.get(name);
    if (list === undefined) this.found.set(name, [describe()]);
    else if (list.length < MAX_ANOMALIES) list.push(describe());
  }
}
