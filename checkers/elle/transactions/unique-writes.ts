/** Who wrote which value to which key: nothing can be said of a key to which a value was written twice. */
import { PairTable } from "../../kit/pair-table.ts";

export class UniqueWrites {
  /** See `Transactions.writeOf`. */
  readonly writeOf: PairTable;
  readonly repeated: [first: number, again: number][] = [];
  readonly #initial: number | undefined;
  readonly #refused = new Set<number>();

  /** @param initial the word of what is there before any write, where a write could be of the same. */
  constructor(operations: number, initial: number | undefined) {
    this.writeOf = new PairTable(Math.ceil(operations / 2));
    this.#initial = initial;
  }

  /** @param value the word of what was written. */
  note(key: number, value: number, operation: number): void {
    const isInitial = value === this.#initial;
    const first = isInitial ? operation : this.writeOf.getOrSet(key, value, operation);
    if (first === operation && !isInitial) return;
    this.#refused.add(key);
    this.repeated.push([first, operation]);
  }

  /** 1 for the keys about which nothing can be said. @param keys how many keys there are. */
  refused(keys: number): Uint8Array {
    const refused = new Uint8Array(keys);
    for (const key of this.#refused) refused[key] = 1;
    return refused;
  }
}
