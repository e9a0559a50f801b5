/** The events of a finding. */
import type { HistoryEvent } from "../../history/operation.ts";

/** Indexes of events, each once, in the order of the story; what does not exist is left out. */
export function evidence(events: readonly (HistoryEvent | undefined)[]): number[] {
  return [...new Set(events.flatMap((event) => event?.index ?? []))].sort((a, b) => a - b);
}
