/**
 * Why one transaction comes before another: recomputed for the few edges that are shown, so that the graph needs no
 * more than bits.
 */
import type { Json } from "../../../history/operation.ts";
import { PROCESS, REALTIME } from "../graph/graph.ts";
import type { Transactions } from "../transactions/transactions.ts";

export interface Reason {
  /** The rest of a sentence that begins "T1 < T2, because". `from` and `to` are the names of the two. */
  readonly because: (from: string, to: string) => string;
  /** The key and the values, as data. */
  readonly detail: { readonly [name: string]: Json };
  /** Transactions besides the two without which nobody would know. */
  readonly shownBy: readonly number[];
  /** The read, for a wr and an rw edge. */
  readonly read?: number;
}

/** The reason for an edge of that kind. @throws Error when there is none, which is an error of this program. */
export type Reasons = (from: number, to: number, kind: number) => Reason;

/** The reason for an edge of the order of processes or of real time; undefined for others. */
export function orderReason(
  { columns, invoked, completed }: Transactions,
  from: number,
  to: number,
  kind: number,
): Reason | undefined {
  const [end, start] = [completed[from] as number, invoked[to] as number];
  if (kind === PROCESS) {
    const process = columns.process[end] as number;
    return {
      because: (a, b) => `process ${process} did ${a} before ${b}`,
      detail: { process },
      shownBy: [],
    };
  }
  if (kind !== REALTIME) return undefined;
  return {
    because: (a, b) => `${a} completed (event ${end}) before ${b} was invoked (event ${start})`,
    detail: { completed: end, invoked: start },
    shownBy: [],
  };
}
