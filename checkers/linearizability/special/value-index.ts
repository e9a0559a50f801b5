/** Numbers from 0 for the values of a history: equal ones have the same. A scalar costs no object. */
import type { Json } from "../../../history/operation.ts";
import type { Tape } from "../../../history/columns/tape.ts";
import { jsonIdentity } from "../../kit/same-json.ts";
import { ABSENT, PairTable } from "../pair-table.ts";

export class ValueIndex {
  count = 0;
  readonly #tape: Tape;
  readonly #scalars = new PairTable();
  readonly #composites = new Map<string, number>();

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /** @param at a position on the tape. */
  numberAt(at: number): number {
    return this.#tape.isScalar(at) ? this.#ofWord(this.#tape.word(at)) : this.#ofComposite(this.#tape.json(at));
  }

  numberOf(value: Json): number {
    return typeof value === "object" && value !== null
      ? this.#ofComposite(value)
      : this.#ofWord(this.#tape.scalarWord(value));
  }

  #ofWord(word: number): number {
    const known = this.#scalars.get(0, word);
    if (known !== ABSENT) return known;
    this.#scalars.set(0, word, this.count);
    this.count += 1;
    return this.count - 1;
  }

  #ofComposite(value: Json): number {
    const name = jsonIdentity(value);
    let number = this.#composites.get(name);
    if (number === undefined) {
      number = this.count;
      this.#composites.set(name, number);
      this.count += 1;
    }
    return number;
  }
}
