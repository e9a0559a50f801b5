/** The events of a finding. */
import { NO_PARTNER } from "../../history/columns/columns.ts";
import type { HistoryEvent } from "../../history/operation.ts";

/** Indexes of events, each once, in the order of the story; what does not exist is left out. */
export function evidence(events: readonly (HistoryEvent | undefined)[]): number[] {
  return [...new Set(events.flatMap((event) => event?.index ?? []))].sort((a, b) => a - b);
}

/** The same for indexes; `NO_PARTNER` stands for an event that does not exist. */
export function evidenceAt(events: readonly number[]): number[] {
  return [...new Set(events.filter((event) => event !== NO_PARTNER))].sort((a, b) => a - b);
}
