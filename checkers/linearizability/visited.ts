/**
 * The configurations that a search has been in: the first operation without a place, the state, and the mask of the open ones that have a place, by open addressing with whole keys compared.
 * For each, the vectors of unknown operations that had been used. A configuration that has used no less than one of them can do nothing that the other cannot.
 */
import { mix } from "./pair-table.ts";
import type { UnknownSets } from "./unknown-sets.ts";

const FREE = -1;
const END = -1;

export class Visited {
  count = 0;
  /** How many vectors were compared. */
  compared = 0;
  readonly #words: number;
  readonly #stride: number;
  readonly #sets: UnknownSets;
  #table: Int32Array;
  #tableMask: number;
  /** e, state, mask …, first link. */
  #keys: Int32Array;
  #keyCount = 0;
  /** vector, next link. */
  #links: Int32Array;

  constructor(words: number, sets: UnknownSets) {
    this.#words = words;
    this.#stride = words + 3;
    this.#sets = sets;
    this.#tableMask = 1_023;
    this.#table = new Int32Array(this.#tableMask + 1).fill(FREE);
    this.#keys = new Int32Array(512 * this.#stride);
    this.#links = new Int32Array(1_024);
  }

  get bytes(): number {
    return this.#table.byteLength + this.#keys.byteLength + this.#links.byteLength;
  }

  /** Remembers a configuration. @returns false when it need not be looked at, since one that can do as much was. */
  add(e: number, state: number, masks: Int32Array, maskAt: number, vector: number): boolean {
    const keys = this.#keys;
    const words = this.#words;
    let at = this.#hash(e, state, masks, maskAt) & this.#tableMask;
    for (;;) {
      const number = this.#table[at] ?? FREE;
      if (number === FREE) break;
      const key = number * this.#stride;
      if (keys[key] === e && keys[key + 1] === state) {
        let w = 0;
        while (w < words && keys[key + 2 + w] === masks[maskAt + w]) w += 1;
        if (w === words) return this.#addVector(key + 2 + words, vector);
      }
      at = (at + 1) & this.#tableMask;
    }
    this.#table[at] = this.#keyCount;
    this.#addKey(e, state, masks, maskAt, vector);
    return true;
  }

  #addVector(headAt: number, vector: number): boolean {
    const head = this.#keys[headAt] ?? END;
    for (let link = head; link !== END; link = this.#links[link * 2 + 1] ?? END) {
      this.compared += 1;
      if (this.#sets.within(this.#links[link * 2] ?? 0, vector)) return false;
    }
    this.#keys[headAt] = this.#link(vector, head);
    return true;
  }

  #link(vector: number, next: number): number {
    const number = this.count;
    if (number * 2 === this.#links.length) this.#links = doubled(this.#links);
    this.#links[number * 2] = vector;
    this.#links[number * 2 + 1] = next;
    this.count += 1;
    return number;
  }

  #addKey(e: number, state: number, masks: Int32Array, maskAt: number, vector: number): void {
    const key = this.#keyCount * this.#stride;
    if (key === this.#keys.length) this.#keys = doubled(this.#keys);
    this.#keys[key] = e;
    this.#keys[key + 1] = state;
    for (let w = 0; w < this.#words; w += 1) this.#keys[key + 2 + w] = masks[maskAt + w] ?? 0;
    this.#keys[key + 2 + this.#words] = this.#link(vector, END);
    this.#keyCount += 1;
    if (this.#keyCount * 2 > this.#tableMask) this.#rehash();
  }

  #rehash(): void {
    this.#tableMask = this.#tableMask * 2 + 1;
    this.#table = new Int32Array(this.#tableMask + 1).fill(FREE);
    for (let number = 0; number < this.#keyCount; number += 1) {
      const key = number * this.#stride;
      let at = this.#hash(this.#keys[key] ?? 0, this.#keys[key + 1] ?? 0, this.#keys, key + 2) & this.#tableMask;
      while (this.#table[at] !== FREE) at = (at + 1) & this.#tableMask;
      this.#table[at] = number;
    }
  }

  #hash(e: number, state: number, masks: Int32Array, maskAt: number): number {
    let hash = mix(e, state);
    for (let w = 0; w < this.#words; w += 1) hash = mix(hash, masks[maskAt + w] ?? 0);
    return hash;
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
