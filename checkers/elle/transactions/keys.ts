/** The keys of a history by numbers, and the last micro-operation on each so far. */
import { PairTable } from "../../kit/pair-table.ts";
import { NONE } from "./transactions.ts";

export class Keys {
  readonly #numbers = new PairTable(64);
  /** The word of each key on the tape. */
  readonly words: number[] = [];
  readonly #last: number[] = [];

  numberOf(word: number): number {
    const number = this.#numbers.getOrSet(word, 0, this.words.length);
    if (number === this.words.length) {
      this.words.push(word);
      this.#last.push(NONE);
    }
    return number;
  }

  /** Notes a micro-operation on a key. @returns the one before it, or `NONE`. */
  touch(key: number, operation: number): number {
    const before = this.#last[key] as number;
    this.#last[key] = operation;
    return before;
  }
}
