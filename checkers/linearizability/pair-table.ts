/** From pairs of whole numbers to whole numbers, by open addressing: three words for each, and no object. */
const STRIDE = 3;
const FREE = -1;

export const ABSENT = -0x8000_0000;

export class PairTable {
  #slots: Int32Array;
  #mask: number;
  #used = 0;

  constructor(capacity = 64) {
    this.#mask = capacity - 1;
    this.#slots = new Int32Array(capacity * STRIDE).fill(FREE);
  }

  get bytes(): number {
    return this.#slots.byteLength;
  }

  /** @param a from 0. @returns what was set, or `ABSENT`. */
  get(a: number, b: number): number {
    const slots = this.#slots;
    let at = mix(a, b) & this.#mask;
    for (;;) {
      const place = at * STRIDE;
      if (slots[place] === FREE) return ABSENT;
      if (slots[place] === a && slots[place + 1] === b) return slots[place + 2] ?? ABSENT;
      at = (at + 1) & this.#mask;
    }
  }

  /** The pair must not have been set before. */
  set(a: number, b: number, value: number): void {
    if (this.#used * 2 > this.#mask) this.#grow();
    this.#insert(a, b, value);
    this.#used += 1;
  }

  #insert(a: number, b: number, value: number): void {
    const slots = this.#slots;
    let at = mix(a, b) & this.#mask;
    while (slots[at * STRIDE] !== FREE) at = (at + 1) & this.#mask;
    slots[at * STRIDE] = a;
    slots[at * STRIDE + 1] = b;
    slots[at * STRIDE + 2] = value;
  }

  #grow(): void {
    const before = this.#slots;
    this.#mask = this.#mask * 2 + 1;
    this.#slots = new Int32Array((this.#mask + 1) * STRIDE).fill(FREE);
    for (let place = 0; place < before.length; place += STRIDE) {
      const a = before[place] ?? FREE;
      if (a !== FREE) this.#insert(a, before[place + 1] ?? 0, before[place + 2] ?? 0);
    }
  }
}

/** Spreads two words over 32 bits (the finalizer of MurmurHash3, by Austin Appleby). */
export function mix(a: number, b: number): number {
  let hash = Math.imul(a, 0x9e37_79b1) ^ Math.imul(b, 0x85eb_ca77);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
