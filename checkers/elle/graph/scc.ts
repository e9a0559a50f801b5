/**
 * Strongly connected components (Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1(2), 1972),
 * without recursion.
 */
import type { Graph } from "./graph.ts";

/** `label` of a node that is on no cycle. */
export const ACYCLIC = -1;

export interface Components {
  /** For each node the number of its component, or `ACYCLIC` where it is alone. */
  readonly label: Int32Array;
  /** How many components of two nodes or more there are. */
  readonly count: number;
}

/**
 * The components of two nodes or more of a part of the graph.
 * @param mask the kinds of edges that count.
 * @param within labels of an earlier call: only edges inside one of its components count.
 */
export function components(graph: Graph, mask: number, within?: Int32Array): Components {
  const { nodes, starts, targets, kinds } = graph;
  const label = new Int32Array(nodes).fill(ACYCLIC);
  /** Order of discovery from 1; 0 is not yet discovered. */
  const found = new Int32Array(nodes);
  const low = new Int32Array(nodes);
  const onStack = new Uint8Array(nodes);
  const stack = new Int32Array(nodes);
  const path = new Int32Array(nodes);
  const cursor = new Int32Array(nodes);
  let [count, clock, height, depth] = [0, 0, 0, 0];
  for (let root = 0; root < nodes; root += 1) {
    if (found[root] !== 0 || (within !== undefined && within[root] === ACYCLIC)) continue;
    depth = 0;
    open(root);
    while (depth > 0) {
      const v = path[depth - 1] as number;
      const end = starts[v + 1] as number;
      const own = within === undefined ? 0 : within[v];
      let at = cursor[v] as number;
      let deeper = -1;
      for (; at < end; at += 1) {
        if (((kinds[at] as number) & mask) === 0) continue;
        const w = targets[at] as number;
        if (within !== undefined && within[w] !== own) continue;
        if (found[w] === 0) {
          deeper = w;
          at += 1;
          break;
        }
        if (onStack[w] === 1 && (found[w] as number) < (low[v] as number)) low[v] = found[w] as number;
      }
      cursor[v] = at;
      if (deeper !== -1) {
        open(deeper);
        continue;
      }
      depth -= 1;
      if (depth > 0) {
        const parent = path[depth - 1] as number;
        if ((low[v] as number) < (low[parent] as number)) low[parent] = low[v] as number;
      }
      if (low[v] === found[v]) close(v);
    }
  }
  return { label, count };

  function open(v: number): void {
    clock += 1;
    found[v] = clock;
    low[v] = clock;
    cursor[v] = starts[v] as number;
    stack[height] = v;
    height += 1;
    onStack[v] = 1;
    path[depth] = v;
    depth += 1;
  }

  function close(v: number): void {
    height -= 1;
    let w = stack[height] as number;
    onStack[w] = 0;
    if (w === v) return;
    label[w] = count;
    while (w !== v) {
      height -= 1;
      w = stack[height] as number;
      onStack[w] = 0;
      label[w] = count;
    }
    count += 1;
  }
}
