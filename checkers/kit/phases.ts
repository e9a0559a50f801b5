/** The phases of a run, as spans of time that checkers look at. */
import type { History } from "../../history/history.ts";
import { phaseOf } from "../../history/nemesis-event.ts";
import type { Phase } from "../../history/nemesis-event.ts";
import type { HistoryEvent, Operation } from "../../history/operation.ts";

/** A span of time, in nanoseconds since the start of the run. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * From the event `load` to the next phase; without phases (another tool's history) or when interrupted, as far as the
 * history goes.
 */
export function loadPhase(history: History): Span {
  const phases = history.nemesis.filter((event) => phaseOf(event) !== undefined);
  const start = phases.findIndex((event) => phaseOf(event) === "load");
  const end = start === -1 ? undefined : phases[start + 1];
  return { from: phases[start]?.time ?? history.span.from, to: end?.time ?? history.span.to };
}

/** When a phase began; undefined where the history has no such phase. */
export function phaseStart(history: History, phase: Phase): number | undefined {
  return history.nemesis.find((event) => phaseOf(event) === phase)?.time;
}

/**
 * The last successful read of every key, of those that began in the phase `final`. A history without any phases is
 * another tool's: there, the last successful read counts.
 */
export function finalReads(history: History, keyOf: (event: HistoryEvent) => string): Map<string, Operation> {
  const phases = history.nemesis.flatMap((event) => phaseOf(event) ?? []);
  const final = history.nemesis.find((event) => phaseOf(event) === "final");
  const reads = new Map<string, Operation>();
  if (phases.length > 0 && final === undefined) return reads;
  for (const operation of history.operations) {
    if (operation.f !== "read" || operation.completion?.type !== "ok") continue;
    if (final !== undefined && operation.invoke.index < final.index) continue;
    const key = keyOf(operation.completion);
    const last = reads.get(key);
    if ((last?.completion?.index ?? -1) < operation.completion.index) reads.set(key, operation);
  }
  return reads;
}

/** Why final reads do not decide: some key has none. Undefined when all have one. */
export function unread(keys: Iterable<string>, finals: ReadonlyMap<string, unknown>): string | undefined {
  const missing = [...new Set(keys)].filter((key) => !finals.has(key));
  const [first] = missing;
  if (first === undefined) return undefined;
  const others = missing.length === 1 ? "" : ` and of ${missing.length - 1} more`;
  return `No final read of ${first}${others} succeeded, so nobody knows what survived there.`;
}
