/**
 * The configurations that a search has been in: the first operation without a place, the state, and the mask of the
 * open ones that have a place, by open addressing with whole keys compared. For each, what can be better in one than in
 * another: which operations were absorbed instead of placed, and the vector of unknown ones that were used. A
 * configuration that is in nothing better than an earlier one can do nothing that the other cannot.
 */
import { mix } from "../pair-table.ts";
import type { UnknownSets } from "./unknown-sets.ts";

const FREE = -1;
const END = -1;

export class Visited {
  count = 0;
  /** How many configurations were compared with an earlier one. */
  compared = 0;
  readonly #words: number;
  readonly #keyStride: number;
  readonly #linkStride: number;
  readonly #sets: UnknownSets;
  #table: Int32Array;
  #tableMask: number;
  /** e, state, mask of the placed ones that cannot be absorbed …, first link. */
  #keys: Int32Array;
  #keyCount = 0;
  /** vector, next link, mask of the placed ones that could have been absorbed …, mask of the absorbed …. */
  #links: Int32Array;
  /** The key that is looked for. */
  readonly #fixed: Int32Array;

  constructor(words: number, sets: UnknownSets) {
    this.#words = words;
    this.#keyStride = words + 3;
    this.#linkStride = 2 * words + 2;
    this.#sets = sets;
    this.#tableMask = 1_023;
    this.#table = new Int32Array(this.#tableMask + 1).fill(FREE);
    this.#keys = new Int32Array(512 * this.#keyStride);
    this.#links = new Int32Array(512 * this.#linkStride);
    this.#fixed = new Int32Array(words);
  }

  get bytes(): number {
    return this.#table.byteLength + this.#keys.byteLength + this.#links.byteLength;
  }

  /**
   * Remembers a configuration.
   * @param masks from `at`: the mask of the placed operations, then that of the absorbed ones.
   * @param total from `totalAt`: the mask of those that can be absorbed.
   * @returns false when it need not be looked at, since one that can do as much was.
   */
  add(
    e: number,
    state: number,
    masks: Int32Array,
    at: number,
    total: Int32Array,
    totalAt: number,
    vector: number,
  ): boolean {
    const keys = this.#keys;
    const words = this.#words;
    const fixed = this.#fixed;
    for (let w = 0; w < words; w += 1) fixed[w] = (masks[at + w] ?? 0) & ~(total[totalAt + w] ?? 0);
    let place = this.#hash(e, state, fixed, 0) & this.#tableMask;
    for (;;) {
      const number = this.#table[place] ?? FREE;
      if (number === FREE) break;
      const key = number * this.#keyStride;
      if (keys[key] === e && keys[key + 1] === state) {
        let w = 0;
        while (w < words && keys[key + 2 + w] === fixed[w]) w += 1;
        if (w === words) return this.#addLink(key + 2 + words, masks, at, vector);
      }
      place = (place + 1) & this.#tableMask;
    }
    this.#table[place] = this.#keyCount;
    this.#addKey(e, state, this.#link(masks, at, vector, END));
    return true;
  }

  #addLink(headAt: number, masks: Int32Array, at: number, vector: number): boolean {
    const head = this.#keys[headAt] ?? END;
    for (let link = head; link !== END; link = this.#links[link * this.#linkStride + 1] ?? END) {
      this.compared += 1;
      if (this.#asGood(link * this.#linkStride, masks, at, vector)) return false;
    }
    this.#keys[headAt] = this.#link(masks, at, vector, head);
    return true;
  }

  /**
   * An absorbed operation can be given its place at any moment without changing the state, or be used as if it had
   * none: it is as good as either.
   */
  #asGood(link: number, masks: Int32Array, at: number, vector: number): boolean {
    const links = this.#links;
    const words = this.#words;
    for (let w = 0; w < words; w += 1) {
      const absorbed = links[link + 2 + words + w] ?? 0;
      const different = (links[link + 2 + w] ?? 0) ^ (masks[at + w] ?? 0);
      if (((different | (masks[at + words + w] ?? 0)) & ~absorbed) !== 0) return false;
    }
    return this.#sets.within(links[link] ?? 0, vector);
  }

  #link(masks: Int32Array, at: number, vector: number, next: number): number {
    const number = this.count;
    const link = number * this.#linkStride;
    if (link === this.#links.length) this.#links = doubled(this.#links);
    this.#links[link] = vector;
    this.#links[link + 1] = next;
    for (let w = 0; w < 2 * this.#words; w += 1) this.#links[link + 2 + w] = masks[at + w] ?? 0;
    this.count += 1;
    return number;
  }

  #addKey(e: number, state: number, link: number): void {
    const key = this.#keyCount * this.#keyStride;
    if (key === this.#keys.length) this.#keys = doubled(this.#keys);
    this.#keys[key] = e;
    this.#keys[key + 1] = state;
    this.#keys.set(this.#fixed, key + 2);
    this.#keys[key + 2 + this.#words] = link;
    this.#keyCount += 1;
    if (this.#keyCount * 2 > this.#tableMask) this.#rehash();
  }

  #rehash(): void {
    this.#tableMask = this.#tableMask * 2 + 1;
    this.#table = new Int32Array(this.#tableMask + 1).fill(FREE);
    for (let number = 0; number < this.#keyCount; number += 1) {
      const key = number * this.#keyStride;
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
