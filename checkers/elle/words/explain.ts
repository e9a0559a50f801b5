/**
 * A cycle edge by edge, in words, as data, and as a graph in the DOT language
 * (https://graphviz.org/doc/info/lang.html).
 */
import type { Json } from "../../../history/operation.ts";
import type { Cycle } from "../graph/cycle.ts";
import type { Found } from "../findings.ts";
import { KIND_NAMES } from "../graph/graph.ts";
import type { Reasons } from "./reason.ts";
import type { Words } from "./words.ts";
import { short } from "./words.ts";

/** Longer cycles are told only up to here: nobody reads more. */
const MAX_STEPS = 24;

/** An edge between two nodes that have names. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly detail: { readonly [name: string]: Json };
}

export function explainCycle({ transactions, kinds }: Cycle, reasons: Reasons, words: Words): Found {
  const name = (i: number): string => `T${(i % transactions.length) + 1}`;
  const told = transactions.slice(0, MAX_STEPS);
  const shownBy = new Set(transactions);
  const steps: string[] = [];
  const edges: Edge[] = [];
  for (const [i, from] of transactions.entries()) {
    const kind = kinds[i] as number;
    const {
      because,
      detail,
      shownBy: others,
    } = reasons(from, transactions[(i + 1) % transactions.length] as number, kind);
    for (const each of others) shownBy.add(each);
    if (i >= MAX_STEPS) continue;
    const last = i === transactions.length - 1;
    const [a, b] = [name(i), name(i + 1)];
    steps.push(
      `${last ? "However, " : ""}${a} < ${b}, because ${because(a, b)} (${KIND_NAMES[kind] ?? kind})${last ? ": a contradiction." : "."}`,
    );
    edges.push({ from: a, to: b, kind: KIND_NAMES[kind] ?? String(kind), detail });
  }
  const left = transactions.length - told.length;
  if (left > 0) steps.push(`… and ${left} more steps, which lead back to T1: a contradiction.`);
  const nodes = told.map((t, i) => ({ name: name(i), event: words.event(t), value: words.value(t) }));
  return {
    transactions: [...shownBy],
    told: transactions.length,
    sentence: [...told.map((t, i) => `${name(i)} is ${words.transaction(t)}.`), ...steps].join("\n"),
    detail: {
      nodes,
      edges: edges.map(({ detail, ...edge }) => ({ ...edge, ...detail })),
      length: transactions.length,
      dot: dot(nodes, edges),
    },
  };
}

function dot(nodes: readonly { readonly name: string; readonly value: Json }[], edges: readonly Edge[]): string {
  const known = new Set(nodes.map(({ name }) => name));
  const lines = [
    ...nodes.map(({ name, value }) => `  ${name} [shape=box, label=${JSON.stringify(`${name}: ${short(value)}`)}];`),
    ...edges
      .filter(({ to }) => known.has(to))
      .map(({ from, to, kind, detail: { key } }) => {
        const label = key === undefined ? kind : `${kind} ${short(key)}`;
        return `  ${from} -> ${to} [label=${JSON.stringify(label)}];`;
      }),
  ];
  return ["digraph cycle {", ...lines, "}"].join("\n");
}
