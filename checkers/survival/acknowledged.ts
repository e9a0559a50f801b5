/** What is said of acknowledged writes that are gone: which node had acknowledged them, and when. */
import type { HistoryEvent, Json } from "../../history/operation.ts";
import { moment } from "../kit/words.ts";

/**
 * Figures for a list of lost acknowledgements (the `ok` events): their number by node, and the span of time in which
 * they were given.
 */
export function lossFigures(lost: readonly HistoryEvent[]): { readonly [name: string]: Json } {
  if (lost.length === 0) return {};
  const times = lost.map(({ time }) => time);
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  const byNode = Map.groupBy(lost, ({ node }) => node ?? "a node that is not recorded");
  return {
    "lost by node": Object.fromEntries([...byNode].map(([node, events]) => [node, events.length])),
    "lost acknowledgements from": moment(first),
    "lost acknowledgements to": moment(last),
  };
}

/** `acknowledged by n1 at 1.204 s`. */
export function acknowledgedBy(ok: HistoryEvent): string {
  return `acknowledged${ok.node === undefined ? "" : ` by ${ok.node}`} at ${moment(ok.time)}`;
}
