/**
 * The cycles of a graph of transactions. Whether there are any, and what sort they are, is decided by strongly
 * connected components of parts of the graph, exactly and in linear time (for cycles without adjacent rw edges: of its
 * product with "the last edge was an rw", after Cerone and Gotsman). Searches only supply the cycles to show; they are
 * bounded, and never decide.
 */
import type { Cycle } from "./cycle.ts";
import { cycleName, fromLeast } from "./cycle.ts";
import type { CyclicPart } from "./cyclic-part.ts";
import { cyclicPart } from "./cyclic-part.ts";
import type { Graph } from "./graph.ts";
import { DATA, GraphBuilder, LINK, PROCESS, REALTIME, RW, WR, WW } from "./graph.ts";
import type { Components } from "./scc.ts";
import { ACYCLIC, components } from "./scc.ts";
import type { Rule } from "./walk-search.ts";
import { RULE, WalkSearch } from "./walk-search.ts";

/** How many edges a component's search for one sort of cycle begins with, at most. */
const MAX_STARTS = 64;
/** Edges that the searches for one sort of cycle look at before they go on with one start for each component only. */
const MAX_WORK = 2_000_000;

export interface FoundCycles {
  /** By name, the shortest first. */
  readonly cycles: ReadonlyMap<string, readonly Cycle[]>;
  /**
   * Whether a G-single may have been missed, since it is the one sort that components do not decide, and not every
   * start was tried.
   */
  readonly singlesLeft: boolean;
  /** Whether nothing was searched, since the time was over by then. */
  readonly ended: boolean;
}

export interface CycleQuestion {
  readonly graph: Graph;
  /** Nodes below this number are transactions. */
  readonly transactions: number;
  /** Whether the first transaction comes before the second in the order of their process. */
  readonly sameProcess: (from: number, to: number) => boolean;
  /** Bits of `PROCESS` and `REALTIME`: the orders that count. */
  readonly orders: number;
  readonly cancelled: () => boolean;
}

interface Family {
  /** The kinds of edges of its cycles, orders aside. */
  readonly data: number;
  /** The kind of edge that a cycle of it cannot do without, and the searches begin with. */
  readonly start: number;
  readonly rule: Rule;
  /** The walk behind its first edge stays with these kinds. */
  readonly walk: number;
}

const FAMILIES: readonly Family[] = [
  { data: WW, start: WW, rule: RULE.none, walk: WW },
  { data: WW | WR, start: WR, rule: RULE.none, walk: WW | WR },
  { data: DATA, start: RW, rule: RULE.none, walk: WW | WR },
  { data: DATA, start: RW, rule: RULE.apart, walk: DATA },
  { data: DATA, start: RW, rule: RULE.adjacent, walk: DATA },
];

export function findCycles(question: CycleQuestion): FoundCycles {
  const { graph, orders } = question;
  const cycles = new Map<string, Cycle[]>();
  if (question.cancelled()) return { cycles, singlesLeft: false, ended: true };
  const whole = components(graph, DATA | orders | LINK);
  if (whole.count === 0) return { cycles, singlesLeft: false, ended: false };
  const part = cyclicPart(graph, whole);
  const search = new WalkSearch(part.graph);
  const known = new Set<string>();
  let singlesLeft = false;

  // Without orders first, then with that of processes, then with real time: each cycle gets the name with the fewest
  // assumptions.
  const levels = [
    { order: 0, mask: 0 },
    { order: PROCESS, mask: PROCESS },
    { order: REALTIME, mask: PROCESS | REALTIME },
  ].filter(({ order }) => (order & ~orders) === 0);
  const all = components(part.graph, DATA | orders | LINK);
  for (const { order, mask } of levels) {
    const orderMask = mask & orders;
    const outer = components(part.graph, DATA | orderMask | LINK, all.label);
    if (outer.count === 0) continue;
    const apart = componentsApart(part.graph, orderMask, outer);
    for (const family of FAMILIES) searchFamily(family, order, orderMask, outer, apart);
  }
  for (const list of cycles.values()) list.sort((a, b) => a.transactions.length - b.transactions.length);
  return { cycles, singlesLeft, ended: false };

  function searchFamily(family: Family, order: number, orderMask: number, outer: Components, apart: Components): void {
    const { starts, targets, kinds, nodes } = part.graph;
    const { rule } = family;
    const { label, count } =
      family.data === DATA ? outer : components(part.graph, family.data | orderMask | LINK, outer.label);
    if (count === 0) return;
    // The walks of these two are closed walks of the product graph: its components say at which edges one begins.
    const byProduct = family.start === RW && rule !== RULE.adjacent;
    const tried = new Int32Array(byProduct ? apart.count : count);
    const limit = search.work + MAX_WORK;
    /** Edges of cycles that are found: the next search begins elsewhere. */
    const covered = new Uint8Array(targets.length);
    // A cycle of orders and ww begins with the order where there must be one: the ww comes by itself.
    const begin = order !== 0 && family.start === WW ? order : family.start;
    for (let v = 0; v < nodes; v += 1) {
      const home = label[v] as number;
      if (home === ACYCLIC) continue;
      for (let e = starts[v] as number; e < (starts[v + 1] as number); e += 1) {
        if (kinds[e] !== begin || covered[e] === 1) continue;
        const w = targets[e] as number;
        if (label[w] !== home) continue;
        const group = byProduct ? (apart.label[v * 2] as number) : home;
        if (group === ACYCLIC || (byProduct && apart.label[w * 2 + 1] !== group)) continue;
        const before = tried[group] as number;
        // One search for each component there always is: it finds a cycle, if not the shortest.
        if (before >= MAX_STARTS || (before > 0 && (search.work > limit || question.cancelled()))) {
          if (rule === RULE.none && begin === RW) singlesLeft = true;
          break;
        }
        tried[group] = before + 1;
        const mask = family.walk | orderMask;
        const walk = search.find({ edge: e, source: v, label, mask, rule, order });
        if (walk === undefined) continue;
        for (const each of walk) covered[each] = 1;
        for (const cycle of simpleCycles(part, question, v, walk)) add(cycle);
      }
    }
  }

  function add(cycle: Cycle): void {
    const name = cycleName(cycle);
    if (name === undefined) return;
    const text = `${cycle.transactions.join(" ")}:${cycle.kinds.join(" ")}`;
    if (known.has(text)) return;
    known.add(text);
    const list = cycles.get(name);
    if (list === undefined) cycles.set(name, [cycle]);
    else list.push(cycle);
  }
}

/**
 * The components of the product of the graph with "the last edge was an rw", in which no rw follows another. Node `v`
 * is `2 v` when reached otherwise, `2 v + 1` when reached by an rw.
 */
function componentsApart(
  { nodes, starts, targets, kinds }: Graph,
  orderMask: number,
  { label }: Components,
): Components {
  const builder = new GraphBuilder(nodes * 2, targets.length * 2);
  const mask = WW | WR | orderMask;
  for (let v = 0; v < nodes; v += 1) {
    if (label[v] === ACYCLIC) continue;
    for (let e = starts[v] as number; e < (starts[v + 1] as number); e += 1) {
      const w = targets[e] as number;
      if (label[w] !== label[v]) continue;
      const kind = kinds[e] as number;
      if (kind === LINK) {
        builder.add(v * 2, w * 2, LINK);
        builder.add(v * 2 + 1, w * 2 + 1, LINK);
      } else if (kind === RW) builder.add(v * 2, w * 2 + 1, RW);
      else if ((kind & mask) !== 0) {
        builder.add(v * 2, w * 2, kind);
        builder.add(v * 2 + 1, w * 2, kind);
      }
    }
  }
  return components(builder.build(), DATA | orderMask | LINK);
}

/**
 * A closed walk as the simple cycles that it consists of: junctions are contracted, and it is split wherever it comes
 * back to a transaction.
 */
function simpleCycles(part: CyclicPart, question: CycleQuestion, source: number, walk: readonly number[]): Cycle[] {
  const { graph, original } = part;
  const nodes: number[] = [];
  const kinds: number[] = [];
  // Begins at a transaction: a walk may begin inside a many-to-many edge only by its first, named, edge, which comes
  // out of a transaction.
  let from = original[source] as number;
  for (const e of walk) {
    const kind = graph.kinds[e] as number;
    if (kind !== LINK) {
      nodes.push(from);
      kinds.push(kind);
    }
    from = original[graph.targets[e] as number] as number;
  }
  const cycles: Cycle[] = [];
  const path: number[] = [];
  const out: number[] = [];
  const place = new Map<number, number>();
  nodes.forEach((node, i) => {
    cut(node);
    place.set(node, path.length);
    path.push(node);
    out.push(kinds[i] as number);
  });
  cut(nodes[0] as number);
  return cycles;

  function cut(node: number): void {
    const at = place.get(node);
    if (at === undefined) return;
    const [transactions, steps] = [path.splice(at), out.splice(at)];
    for (const each of transactions) place.delete(each);
    const plain = steps.map((kind, i) =>
      plainest(question, transactions[i] as number, transactions[(i + 1) % transactions.length] as number, kind),
    );
    cycles.push(fromLeast({ transactions, kinds: plain }));
  }
}

/**
 * The edge that says most, among several between two transactions: ww, then wr, then what was found; the order of a
 * process rather than real time.
 */
function plainest({ graph, sameProcess }: CycleQuestion, from: number, to: number, kind: number): number {
  let kinds = kind;
  for (let e = graph.starts[from] as number; e < (graph.starts[from + 1] as number); e += 1)
    if (graph.targets[e] === to) kinds |= graph.kinds[e] as number;
  if ((kinds & WW) !== 0) return WW;
  if ((kinds & WR) !== 0) return WR;
  return kind === REALTIME && sameProcess(from, to) ? PROCESS : kind;
}
