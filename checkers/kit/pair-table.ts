/**
 * A hash table from pairs of 32-bit words to numbers from 0, on one typed array (open addressing, whole keys compared).
 */
export class PairTable {
  /** Triples: first word, second word, number + 1 (0: free). */
  #slots: Int32Array;
  #mask: number;
  size = 0;

  /** @param capacity how many pairs are expected; it grows when there are more. */
  constructor(capacity: number) {
    let slots = 16;
    while (slots < capacity * 2) slots *= 2;
    this.#slots = new Int32Array(slots * 3);
    this.#mask = slots - 1;
  }

  /** The number of the pair, or -1. */
  get(a: number, b: number): number {
    return (this.#slots[this.#find(a, b) + 2] as number) - 1;
  }

  /** The number of the pair, which becomes `value` where it has none yet. */
  getOrSet(a: number, b: number, value: number): number {
    const at = this.#find(a, b);
    const known = (this.#slots[at + 2] as number) - 1;
    if (known >= 0) return known;
    this.#slots[at] = a;
    this.#slots[at + 1] = b;
    this.#slots[at + 2] = value + 1;
    this.size += 1;
    if (this.size * 2 > this.#mask) this.#grow();
    return value;
  }

  #find(a: number, b: number): number {
    const slots = this.#slots;
    let hash = Math.imul(a ^ Math.imul(b, 0x9e37_79b1), 0x85eb_ca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2_ae35);
    let slot = (hash ^ (hash >>> 13)) & this.#mask;
    for (;;) {
      const at = slot * 3;
      if (slots[at + 2] === 0 || (slots[at] === a && slots[at + 1] === b)) return at;
      slot = (slot + 1) & this.#mask;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let at = 0; at < old.length; at += 3) {
      if (old[at + 2] === 0) continue;
      const to = this.#find(old[at] as number, old[at + 1] as number);
      this.#slots[to] = old[at] as number;
      this.#slots[to + 1] = old[at + 1] as number;
      this.#slots[to + 2] = old[at + 2] as number;
    }
  }
}
