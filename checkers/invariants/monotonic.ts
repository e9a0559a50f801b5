/**
 * Reads of a number that only ever grows: none is lower than one that had ended before it began, of the same process,
 * or of anybody.
 */
import { z } from "zod";
import type { Columns } from "../../history/columns/columns.ts";
import { MisuseError } from "../analysis.ts";
import { NEVER } from "../linearizability/entries.ts";
import { counted } from "../kit/words.ts";
import { invariantChecker, BY_KEY, eventsOfCalls, placeOf, shown } from "./invariant.ts";

/**
 * `read` → number, or null where there is nothing yet, which is lower than all; other operations are ignored. Options:
 * `byKey`; `realTime` (default false): reads of different processes are compared too. An anomaly is one read that is
 * lower than an earlier one. Exact.
 * @throws MisuseError for a read that is neither.
 */
export const monotonic = invariantChecker({
  name: "monotonic",
  algorithm: "greatest read so far; exact",
  options: {
    ...BY_KEY,
    realTime: z.boolean().default(false).describe("Reads of different processes are compared, too"),
  },
  operations: () => ["read"],
  ignoresOthers: true,
  judge(parts, { realTime }, findings, columns) {
    let reads = 0;
    for (const part of parts) {
      const { length, call, ret, output } = part.entries;
      const ended = Array.from({ length }, (_, i) => i).filter((i) => ret[i] !== NEVER);
      reads += ended.length;
      const byEnd = ended.toSorted((a, b) => (ret[a] ?? 0) - (ret[b] ?? 0));
      /** For each process, or for all: the greatest read that has ended so far. */
      const greatest = new Map<number, { readonly read: number; readonly value: number }>();
      const keyOf = (read: number): number => (realTime ? 0 : (columns.process[call[read] ?? 0] ?? 0));
      let next = 0;
      for (const read of ended) {
        for (let each = byEnd[next]; each !== undefined && (ret[each] ?? 0) < (call[read] ?? 0); each = byEnd[next]) {
          const value = numberOf(columns, output[each] ?? 0, ret[each] ?? 0);
          const known = greatest.get(keyOf(each));
          if (known === undefined || value > known.value) greatest.set(keyOf(each), { read: each, value });
          next += 1;
        }
        const value = numberOf(columns, output[read] ?? 0, ret[read] ?? 0);
        const before = greatest.get(keyOf(read));
        if (before === undefined || before.value <= value) continue;
        const earlier = call[before.read] ?? 0;
        findings.add("nonmonotonic", part, () => ({
          sentence: `${shown(columns, output[read] ?? 0)} was read (${placeOf(columns, call[read] ?? 0)}) after ${before.value} had been (${placeOf(columns, earlier)}).`,
          events: eventsOfCalls(columns, [earlier, call[read] ?? 0]),
          detail: { before: before.value, after: columns.tape.json(output[read] ?? 0) },
        }));
      }
    }
    return {
      figures: { reads },
      holds: `${counted(reads, "read")}, none lower than one before`,
      unknown: reads < 2 ? "there are no two reads to compare" : undefined,
    };
  },
});

function numberOf(columns: Columns, at: number, event: number): number {
  if (columns.tape.isNull(at)) return -Infinity;
  const value = columns.tape.number(at);
  if (Number.isNaN(value))
    throw new MisuseError(`monotonic: a read must be a number or null, not ${shown(columns, at)}`, event, columns);
  return value;
}
