/** Small histories for tests: rows in milliseconds, sorted and numbered. */
import { History } from "../../history/history.ts";
import type { FaultMoment, FaultStage, Phase } from "../../history/nemesis-event.ts";
import type { EventType, HistoryEvent, Json } from "../../history/operation.ts";
import { NEMESIS } from "../../history/operation.ts";
import type { Finding } from "../../checkers/checker.ts";

export const MS = 1_000_000;

export type More = Partial<Pick<HistoryEvent, "error" | "node" | "worker" | "attempts">>;

/** An event that has no place yet; `ms` is its time. */
export type Row = Omit<HistoryEvent, "index" | "time"> & { readonly ms: number };

export function row(ms: number, process: number, type: EventType, f: string, value: Json, more: More = {}): Row {
  return { ms, process, type, f, value, worker: `w${process % 10}`, ...more };
}

export function phaseRow(ms: number, phase: Phase): Row {
  return { ms, process: NEMESIS, type: "info", f: "phase", value: { phase } };
}

export function faultRow(
  ms: number,
  kind: string,
  stage: FaultStage,
  target: readonly string[],
  more: Partial<FaultMoment> = {},
): Row {
  const moment = { fault: kind, stage, target, title: `${kind} ${target.join(" ")}`, ...more };
  return { ms, process: NEMESIS, type: "info", f: kind, value: moment as unknown as Json };
}

/** @param rows in any order; rows of one moment keep theirs. */
export function historyOf(rows: readonly Row[]): History {
  const sorted = rows.toSorted((a, b) => a.ms - b.ms);
  return new History(sorted.map(({ ms, ...rest }, index) => ({ index, time: Math.round(ms * MS), ...rest })));
}

/** What is left when only the operations that a finding names are kept, with everything of the nemesis. */
export function restrictTo(history: History, { events }: Finding): History {
  const named = new Set(events);
  const kept = new Set<HistoryEvent>(history.nemesis);
  for (const { invoke, completion } of history.operations) {
    if (!named.has(invoke.index) && !(completion !== undefined && named.has(completion.index))) continue;
    kept.add(invoke);
    if (completion !== undefined) kept.add(completion);
  }
  return new History(history.events.filter((event) => kept.has(event)).map((event, index) => ({ ...event, index })));
}
