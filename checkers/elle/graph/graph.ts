/**
 * Directed graphs of transactions in compressed sparse rows. An edge says "before", and why, by one bit. Nodes from 0
 * up to the number of transactions are transactions; those after them are junctions, through which many edges run at
 * the cost of few.
 */

/** Bits of the kinds of edges (Adya's, and the order of processes and of real time). */
export const WW = 1;
export const WR = 2;
export const RW = 4;
export const PROCESS = 8;
export const REALTIME = 16;
/** Out of a junction: goes on with the kind of the edge that led into it, and has no length. */
export const LINK = 32;

/** What the transactions did to the data. */
export const DATA = WW | WR | RW;

export const KIND_NAMES: { readonly [kind: number]: string } = {
  [WW]: "ww",
  [WR]: "wr",
  [RW]: "rw",
  [PROCESS]: "process",
  [REALTIME]: "realtime",
};

export interface Graph {
  readonly nodes: number;
  /** Edges out of node `v` are those from `starts[v]` up to `starts[v + 1]`. */
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  readonly kinds: Uint8Array;
}

/** Collects edges, then makes a graph of them. */
export class GraphBuilder {
  #nodes: number;
  #from: Int32Array;
  #to: Int32Array;
  #kind: Uint8Array;
  /** How many edges there are. */
  edges = 0;
  /** Bits of every kind that was added. */
  kinds = 0;

  /** @param transactions how many nodes stand for transactions. @param capacity a guess at the number of edges. */
  constructor(transactions: number, capacity = 1_024) {
    this.#nodes = transactions;
    this.#from = new Int32Array(capacity);
    this.#to = new Int32Array(capacity);
    this.#kind = new Uint8Array(capacity);
  }

  /** A new node that stands for no transaction. */
  junction(): number {
    return this.#nodes++;
  }

  /** Edges from a node to itself say nothing, and are left out. */
  add(from: number, to: number, kind: number): void {
    if (from === to) return;
    if (this.edges === this.#from.length) this.#grow();
    this.#from[this.edges] = from;
    this.#to[this.edges] = to;
    this.#kind[this.edges] = kind;
    this.edges += 1;
    this.kinds |= kind;
  }

  /**
   * An edge from each source to each target but itself. Many-to-many edges take two chains of junctions over the
   * targets, so that the number of edges is that of the sources and targets, not of the pairs: a source that is the
   * target `i` goes to those before it along the first chain, and to those after it along the second.
   * @param targets without repetitions.
   */
  addAll(sources: readonly number[], targets: readonly number[], kind: number): void {
    if (sources.length * targets.length <= 2 * (sources.length + targets.length)) {
      for (const source of sources) for (const target of targets) this.add(source, target, kind);
      return;
    }
    const upTo: number[] = [];
    const from: number[] = [];
    const place = new Map<number, number>();
    targets.forEach((target, i) => {
      place.set(target, i);
      upTo.push(this.junction());
      from.push(this.junction());
    });
    targets.forEach((target, i) => {
      this.add(upTo[i] as number, target, LINK);
      this.add(from[i] as number, target, LINK);
      if (i > 0) {
        this.add(upTo[i] as number, upTo[i - 1] as number, LINK);
        this.add(from[i - 1] as number, from[i] as number, LINK);
      }
    });
    for (const source of sources) {
      const i = place.get(source);
      if (i === undefined) {
        this.add(source, from[0] as number, kind);
        continue;
      }
      if (i > 0) this.add(source, upTo[i - 1] as number, kind);
      if (i < targets.length - 1) this.add(source, from[i + 1] as number, kind);
    }
  }

  build(): Graph {
    const starts = new Int32Array(this.#nodes + 1);
    for (let e = 0; e < this.edges; e += 1) {
      const slot = (this.#from[e] as number) + 1;
      starts[slot] = (starts[slot] as number) + 1;
    }
    for (let v = 0; v < this.#nodes; v += 1) starts[v + 1] = (starts[v + 1] as number) + (starts[v] as number);
    const next = starts.slice(0, this.#nodes);
    const targets = new Int32Array(this.edges);
    const kinds = new Uint8Array(this.edges);
    for (let e = 0; e < this.edges; e += 1) {
      const from = this.#from[e] as number;
      const at = next[from] as number;
      next[from] = at + 1;
      targets[at] = this.#to[e] as number;
      kinds[at] = this.#kind[e] as number;
    }
    return { nodes: this.#nodes, starts, targets, kinds };
  }

  #grow(): void {
    const size = Math.max(16, this.#from.length * 2);
    const from = new Int32Array(size);
    from.set(this.#from);
    this.#from = from;
    const to = new Int32Array(size);
    to.set(this.#to);
    this.#to = to;
    const kind = new Uint8Array(size);
    kind.set(this.#kind);
    this.#kind = kind;
  }
}
