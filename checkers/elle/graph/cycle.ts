/** Cycles of transactions, and the names that Adya and Elle give them. */
import { PROCESS, REALTIME, RW, WR, WW } from "./graph.ts";

export interface Cycle {
  /** Numbers of transactions, each once; the cycle leads from each to the next, and from the last to the first. */
  readonly transactions: readonly number[];
  /** The kind of the edge out of each. */
  readonly kinds: readonly number[];
}

export type CycleName = "G0" | "G1c" | "G-single" | "G-nonadjacent" | "G2-item";

/**
 * Cycles of the data alone, from the worst to the mildest; each has a variant with `-process` and one with `-realtime`.
 */
export const CYCLE_NAMES: readonly CycleName[] = ["G0", "G1c", "G-single", "G-nonadjacent", "G2-item"];

/**
 * The name of a cycle: by its rw edges, else by its wr edges, and by the order that it needs.
 * Undefined for one of orders alone, which no history has.
 */
export function cycleName({ kinds }: Cycle): string | undefined {
  const count = (kind: number): number => kinds.filter((each) => each === kind).length;
  const rw = count(RW);
  let name: CycleName;
  if (rw === 1) name = "G-single";
  else if (rw > 1) {
    const adjacent = kinds.some((kind, i) => kind === RW && kinds[(i + 1) % kinds.length] === RW);
    name = adjacent ? "G2-item" : "G-nonadjacent";
  } else if (count(WR) > 0) name = "G1c";
  else if (count(WW) > 0) name = "G0";
  else return undefined;
  if (count(REALTIME) > 0) return `${name}-realtime`;
  return count(PROCESS) > 0 ? `${name}-process` : name;
}

/** The same cycle from its least transaction on. */
export function fromLeast({ transactions, kinds }: Cycle): Cycle {
  const least = transactions.indexOf(transactions.reduce((a, b) => Math.min(a, b)));
  return {
    transactions: [...transactions.slice(least), ...transactions.slice(0, least)],
    kinds: [...kinds.slice(least), ...kinds.slice(0, least)],
  };
}

/**
 * The name of a cycle that also rests on an order besides those that it has edges of: the one with that suffix. Other
 * names stay.
 */
export function withOrder(name: string, order: "process" | "realtime"): string {
  const [, base] = /^(.*?)(?:-process|-realtime)?$/.exec(name) ?? [];
  if (base === undefined || !CYCLE_NAMES.some((each) => each === base) || name.endsWith("-realtime")) return name;
  return `${base}-${order}`;
}
