/**
 * Shortest closed walks through a given edge, by breadth-first search over pairs of a node and a mode. The mode
 * remembers what the kind of walk depends on: whether the last edge was an rw, whether two rw have met, whether an edge
 * of the wanted order was used. So a search takes time in proportion to the edges, however many paths there are.
 */
import type { Graph } from "./graph.ts";
import { LINK, RW } from "./graph.ts";

/** Which rw edges a walk takes. */
export const RULE = {
  /** None but the first edge. */
  none: 0,
  /** Any number, but no two of them adjacent, also not across the join. */
  apart: 1,
  /** Any number, and two of them adjacent somewhere. */
  adjacent: 2,
} as const;
export type Rule = (typeof RULE)[keyof typeof RULE];

const LAST_WAS_RW = 1;
const ORDER_USED = 2;
const RW_MET = 4;
const MODES = 8;
const NO_PARENT = -1;

export interface WalkRequest {
  /** The edge that the walk begins with, and its source. */
  readonly edge: number;
  readonly source: number;
  /** Labels of components that the walk stays inside. */
  readonly label: Int32Array;
  /** The kinds of edges that may be taken. `LINK` always may. */
  readonly mask: number;
  readonly rule: Rule;
  /** A kind that at least one edge of the walk must have; 0 for none. */
  readonly order: number;
}

export class WalkSearch {
  readonly #graph: Graph;
  /** Which search saw a state last. */
  readonly #seen: Int32Array;
  readonly #parent: Int32Array;
  /** The edge over which a state was reached. */
  readonly #via: Int32Array;
  #search = 0;
  /** How many edges were looked at so far. */
  work = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#seen = new Int32Array(graph.nodes * MODES);
    this.#parent = new Int32Array(graph.nodes * MODES);
    this.#via = new Int32Array(graph.nodes * MODES);
  }

  /** The edges of the shortest walk, from the first one until it closes; undefined where there is none. */
  find({ edge, source, label, mask, rule, order }: WalkRequest): number[] | undefined {
    const { starts, targets, kinds } = this.#graph;
    this.#search += 1;
    const kind = kinds[edge] as number;
    const startsWithRw = (kind & RW) !== 0;
    const home = label[source];
    let layer: number[] = [];
    let next: number[] = [];
    const first =
      (targets[edge] as number) * MODES +
      (startsWithRw && rule !== RULE.none ? LAST_WAS_RW : 0) +
      ((kind & order) === 0 ? 0 : ORDER_USED);
    this.#seen[first] = this.#search;
    this.#parent[first] = NO_PARENT;
    this.#via[first] = edge;
    layer.push(first);
    while (layer.length > 0) {
      // Links have no length: what they lead to belongs to this layer, which grows while it is gone through.
      for (let i = 0; i < layer.length; i += 1) {
        const state = layer[i] as number;
        const v = Math.floor(state / MODES);
        const mode = state % MODES;
        if (v === source && closes(mode)) return this.#walkTo(state);
        const end = starts[v + 1] as number;
        this.work += end - (starts[v] as number);
        for (let e = starts[v] as number; e < end; e += 1) {
          const step = kinds[e] as number;
          if ((step & (mask | LINK)) === 0) continue;
          const w = targets[e] as number;
          if (label[w] !== home) continue;
          let then: number = mode;
          if (step !== LINK) {
            if (step === RW) {
              if (rule === RULE.apart && (mode & LAST_WAS_RW) !== 0) continue;
              if (rule === RULE.adjacent && (mode & LAST_WAS_RW) !== 0) then |= RW_MET;
              if (rule !== RULE.none) then |= LAST_WAS_RW;
            } else then &= ~LAST_WAS_RW;
            if ((step & order) !== 0) then |= ORDER_USED;
          }
          const reached = w * MODES + then;
          if (this.#seen[reached] === this.#search) continue;
          this.#seen[reached] = this.#search;
          this.#parent[reached] = state;
          this.#via[reached] = e;
          (step === LINK ? layer : next).push(reached);
        }
      }
      [layer, next] = [next, []];
    }
    return undefined;

    function closes(mode: number): boolean {
      if (order !== 0 && (mode & ORDER_USED) === 0) return false;
      const joins = startsWithRw && (mode & LAST_WAS_RW) !== 0;
      if (rule === RULE.apart) return !joins;
      return rule === RULE.none || joins || (mode & RW_MET) !== 0;
    }
  }

  #walkTo(state: number): number[] {
    const edges: number[] = [];
    for (let at = state; at !== NO_PARENT; at = this.#parent[at] as number) edges.push(this.#via[at] as number);
    return edges.reverse();
  }
}
