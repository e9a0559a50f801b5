/**
 * Session guarantees (Terry et al., "Session Guarantees for Weakly Consistent Replicated Data", 1994) by the shape of a
 * cycle with the order of a process in one place. Transactions need not be atomic for these: what a cycle proves must
 * hold of the single reads and writes, hence the same key, or reads in that order.
 */
import type { Cycle } from "../graph/cycle.ts";
import { PROCESS, RW, WR, WW } from "../graph/graph.ts";
import type { Reasons } from "./reason.ts";

/** The guarantee that a cycle violates, as the name of an anomaly; undefined where it is none of these shapes. */
export function sessionViolation({ transactions, kinds }: Cycle, reasons: Reasons): string | undefined {
  const n = kinds.length;
  const begin = kinds.findIndex((kind, i) => kind === PROCESS && kinds[(i + n - 1) % n] !== PROCESS);
  if (begin === -1) return undefined;
  const turned = kinds.map((_, i) => kinds[(begin + i) % n] as number);
  const run = turned.findIndex((kind) => kind !== PROCESS);
  const shape = turned.slice(run);
  if (shape.includes(PROCESS) || shape.length > 3) return undefined;
  const steps = shape.map((kind, i) => {
    const at = begin + run + i;
    return reasons(transactions[at % n] as number, transactions[(at + 1) % n] as number, kind);
  });
  const is = (...wanted: number[]): boolean =>
    wanted.length === shape.length && wanted.every((kind, i) => shape[i] === kind);
  const sameKey = (...places: number[]): boolean =>
    places.every((place) => steps[place]?.detail["key"] === steps[places[0] as number]?.detail["key"]);
  /** The read of the wr edge came before that of the rw edge behind it. */
  const inOrder = (wr: number): boolean => (steps[wr]?.read ?? 0) < (steps[wr + 1]?.read ?? -1);
  if (is(RW)) return "read-your-writes-violation";
  if (is(RW, WW) && sameKey(0, 1)) return "read-your-writes-violation";
  if (is(RW, WR) && sameKey(0, 1)) return "monotonic-reads-violation";
  if (is(RW, WW, WR) && sameKey(0, 1, 2)) return "monotonic-reads-violation";
  if (is(WW)) return "monotonic-writes-violation";
  if (is(WR, RW) && inOrder(0)) return "monotonic-writes-violation";
  if (is(WW, WR) && sameKey(0, 1)) return "writes-follow-reads-violation";
  if (is(WR, RW, WR) && sameKey(1, 2) && inOrder(0)) return "writes-follow-reads-violation";
  return undefined;
}
