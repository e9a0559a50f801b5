/** Union-find with path halving: which of the elements that were united belong together. */
export class DisjointSets {
  readonly #parent: number[] = [];

  /** A new element, alone in its set. @returns its number, from 0. */
  add(): number {
    return this.#parent.push(this.#parent.length) - 1;
  }

  /** The element that stands for the set of this one. */
  find(element: number): number {
    let at = element;
    for (;;) {
      const above = this.#parent[at] ?? at;
      if (above === at) return at;
      const next = this.#parent[above] ?? above;
      this.#parent[at] = next;
      at = next;
    }
  }

  unite(a: number, b: number): void {
    this.#parent[this.find(a)] = this.find(b);
  }
}
