/** Sets of whole numbers from 0, one bit each. */
export class Bits {
  readonly #words: Uint32Array;

  /** @param size above every number. */
  constructor(size: number) {
    this.#words = new Uint32Array((size + 31) >>> 5);
  }

  has(number: number): boolean {
    return (((this.#words[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1;
  }

  /** @returns whether it was new. */
  add(number: number): boolean {
    const at = number >>> 5;
    const word = this.#words[at] ?? 0;
    const bit = 1 << (number & 31);
    if ((word & bit) !== 0) return false;
    this.#words[at] = word | bit;
    return true;
  }
}
