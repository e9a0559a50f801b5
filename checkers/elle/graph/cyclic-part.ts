/**
 * What is left of a graph when everything is taken away that is on no cycle: mostly nothing. All searches for cycles
 * run on this.
 */
import type { Graph } from "./graph.ts";
import type { Components } from "./scc.ts";
import { ACYCLIC } from "./scc.ts";

export interface CyclicPart {
  readonly graph: Graph;
  /** The node of the whole graph that each node here is. */
  readonly original: Int32Array;
}

/** The nodes of the components, with the edges inside them. */
export function cyclicPart(graph: Graph, { label }: Components): CyclicPart {
  const place = new Int32Array(graph.nodes);
  let [nodes, edges] = [0, 0];
  for (let v = 0; v < graph.nodes; v += 1) {
    if (label[v] === ACYCLIC) continue;
    place[v] = nodes;
    nodes += 1;
    for (let e = graph.starts[v] as number; e < (graph.starts[v + 1] as number); e += 1)
      if (label[graph.targets[e] as number] === label[v]) edges += 1;
  }
  const original = new Int32Array(nodes);
  const starts = new Int32Array(nodes + 1);
  const targets = new Int32Array(edges);
  const kinds = new Uint8Array(edges);
  let [node, edge] = [0, 0];
  for (let v = 0; v < graph.nodes; v += 1) {
    if (label[v] === ACYCLIC) continue;
    original[node] = v;
    for (let e = graph.starts[v] as number; e < (graph.starts[v + 1] as number); e += 1) {
      const w = graph.targets[e] as number;
      if (label[w] !== label[v]) continue;
      targets[edge] = place[w] as number;
      kinds[edge] = graph.kinds[e] as number;
      edge += 1;
    }
    node += 1;
    starts[node] = edge;
  }
  return { graph: { nodes, starts, targets, kinds }, original };
}
