/** Short histories for tests: `[process, type, f, value]` for each event. */
import { columnsOf } from "../../../history/columns/columns.ts";
import type { Columns } from "../../../history/columns/columns.ts";
import type { EventType, HistoryEvent, Json } from "../../../history/operation.ts";

export type Line = readonly [process: number, type: EventType, f: string, value?: Json];

export function columnsOfLines(lines: readonly Line[]): Columns {
  return columnsOf({
    events: lines.map(([process, type, f, value = null], index): HistoryEvent => ({
      index,
      time: index,
      process,
      type,
      f,
      value,
    })),
  });
}

/** What an analysis should say of a history that has a legal order, or none: without success nothing was shown. */
export function verdictOn(lines: readonly Line[], legal: boolean): boolean | "unknown" {
  return legal && !lines.some(([, type]) => type === "ok") ? "unknown" : legal;
}
