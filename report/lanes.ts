/** Which lane of the timeline an event belongs to. */
import type { History } from "../history/history.ts";
import type { HistoryEvent } from "../history/operation.ts";
import type { Plan } from "../history/plan.ts";

export interface LaneIndex {
  readonly names: readonly string[];
  readonly roles: readonly string[];
  readonly processes: readonly (readonly number[])[];
  /** Position of the lane of an event of a client. */
  of(event: HistoryEvent): number;
}

/** Name of the lane of an event: its worker, or its process where no worker was recorded. */
export function laneName(event: HistoryEvent): string {
  return event.worker ?? `process ${event.process}`;
}

/**
 * Lanes in the natural order of their names (`w2` before `w10`), with those of the plan present even when they did
 * nothing.
 */
export function laneIndex(history: History, plan: Plan): LaneIndex {
  const processes = new Map<string, Set<number>>();
  for (const worker of plan.workers) processes.set(worker.name, new Set());
  for (const operation of history.operations) {
    const name = laneName(operation.invoke);
    const known = processes.get(name);
    if (known === undefined) processes.set(name, new Set([operation.process]));
    else known.add(operation.process);
  }
  const names = [...processes.keys()].sort(new Intl.Collator("en", { numeric: true }).compare);
  const positions = new Map(names.map((name, position) => [name, position]));
  const roles = new Map(plan.workers.map((worker) => [worker.name, worker.role]));
  return {
    names,
    roles: names.map((name) => roles.get(name) ?? ""),
    processes: names.map((name) => [...(processes.get(name) ?? [])].sort((a, b) => a - b)),
    of: (event) => positions.get(laneName(event)) ?? 0,
  };
}
