/** How many operations of each unknown class were used: vectors, numbered as they are met. Number 0 has used none. */
import { ABSENT, PairTable } from "../pair-table.ts";

export class UnknownSets {
  /** For each vector, its classes rising, each followed by its count. */
  readonly #vectors: Int32Array[] = [new Int32Array(0)];
  readonly #totals: number[] = [0];
  /** For each vector, the rank at which the first of its classes expires. */
  readonly #expires: number[] = [Infinity];
  readonly #numberOf = new Map<string, number>([["", 0]]);
  readonly #added = new PairTable();
  readonly #classExpires: Int32Array;
  bytes = 0;

  constructor(classExpires: Int32Array) {
    this.#classExpires = classExpires;
  }

  /** How many operations of the class the vector has used. */
  used(vector: number, kind: number): number {
    const pairs = this.#vectors[vector];
    if (pairs === undefined) return 0;
    for (let i = 0; i < pairs.length; i += 2) if (pairs[i] === kind) return pairs[i + 1] ?? 0;
    return 0;
  }

  /** The vector with one more of the class. */
  add(vector: number, kind: number): number {
    const known = this.#added.get(vector, kind);
    if (known !== ABSENT) return known;
    const counts = new Map<number, number>(this.#counts(vector));
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const number = this.#number(counts);
    this.#added.set(vector, kind, number);
    return number;
  }

  /** Without the classes that make no difference any more when rank `e` is the first without a place. */
  current(vector: number, e: number): number {
    if ((this.#expires[vector] ?? Infinity) > e) return vector;
    return this.#number(new Map(this.#counts(vector).filter(([kind]) => (this.#classExpires[kind] ?? 0) > e)));
  }

  /** Whether `a` has used no more of any class than `b`. */
  within(a: number, b: number): boolean {
    if (a === b || a === 0) return true;
    if ((this.#totals[a] ?? 0) >= (this.#totals[b] ?? 0)) return false;
    const fewer = this.#vectors[a];
    const more = this.#vectors[b];
    if (fewer === undefined || more === undefined || fewer.length > more.length) return false;
    let j = 0;
    for (let i = 0; i < fewer.length; i += 2) {
      const kind = fewer[i] ?? 0;
      while (j < more.length && (more[j] ?? 0) < kind) j += 2;
      if (j >= more.length || more[j] !== kind || (fewer[i + 1] ?? 0) > (more[j + 1] ?? 0)) return false;
    }
    return true;
  }

  #counts(vector: number): [kind: number, count: number][] {
    const pairs = this.#vectors[vector] ?? new Int32Array(0);
    return Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i] ?? 0, pairs[2 * i + 1] ?? 0]);
  }

  #number(counts: ReadonlyMap<number, number>): number {
    const sorted = [...counts].sort(([a], [b]) => a - b);
    const name = sorted.join(" ");
    let number = this.#numberOf.get(name);
    if (number === undefined) {
      number = this.#vectors.push(Int32Array.from(sorted.flat())) - 1;
      this.#totals.push(sorted.reduce((total, [, count]) => total + count, 0));
      this.#expires.push(sorted.reduce((first, [kind]) => Math.min(first, this.#classExpires[kind] ?? 0), Infinity));
      this.#numberOf.set(name, number);
      this.bytes += 160 + name.length * 2 + sorted.length * 8;
    }
    return number;
  }
}
