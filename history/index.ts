/**
 * The published entry point `redquake/history`.
 * @module redquake/history
 */
export { columnsOf, eventAt } from "./columns/columns.ts";
export type { Columns } from "./columns/columns.ts";
export { History } from "./history.ts";
export { HistoryError } from "./history-error.ts";
export { formatLine, parseLine } from "./line.ts";
export { loadHistory } from "./load.ts";
export type { LoadedHistory } from "./readers/history-reader.ts";
export type { ParsedLine } from "./line.ts";
export { faultMoment, phaseOf, PHASES } from "./nemesis-event.ts";
export type { FaultMoment, FaultStage, LinksProbed, Phase, ProbeResult } from "./nemesis-event.ts";
export { NEMESIS, outcome } from "./operation.ts";
export type { EventType, HistoryEvent, Json, Operation } from "./operation.ts";
export type * from "./plan.ts";
export { parseHistory, readHistory } from "./read.ts";
export type { ReadHistory } from "./read.ts";
