/** Operations and holds as columns of small numbers: what 200,000 operations need to fit into one page. */
import { gzipSync } from "node:zlib";
import type { History } from "../history/history.ts";
import type { Json, Operation } from "../history/operation.ts";
import { outcome } from "../history/operation.ts";
import { subjectOf } from "../history/vocabulary/read.ts";
import type { Hold } from "./holds.ts";
import { validUntil } from "./holds.ts";
import type { LaneIndex } from "./lanes.ts";
import type { ColumnHeader } from "./page-model.ts";
import { microseconds } from "./quantities.ts";

/** Codes of the column `outcome`. */
const OUTCOMES = { ok: 0, fail: 1, info: 2 } as const;

/** Longest text of one value that is kept; a final read of everything can be megabytes long. */
const MAX_VALUE_TEXT = 600;

/** Texts that repeat, each kept once. Position 0 is the empty text. */
class Dictionary {
  readonly entries: string[] = [""];
  readonly #positions = new Map<string, number>([["", 0]]);

  position(text: string): number {
    const known = this.#positions.get(text);
    if (known !== undefined) return known;
    this.#positions.set(text, this.entries.length);
    return this.entries.push(text) - 1;
  }
}

export interface Columns {
  readonly headers: readonly ColumnHeader[];
  /** All columns as zigzag varints, gzipped. */
  readonly packed: Uint8Array;
  readonly functions: readonly string[];
  readonly keys: readonly string[];
  readonly errors: readonly string[];
  readonly nodes: readonly string[];
  /** How many rows each lane needs so that no two operations overlap in one. */
  readonly rows: readonly number[];
}

/**
 * Columns, by operation: `start` (since the previous start), `length` (plus one; 0 when no completion was recorded),
 * `lane`, `row`, `process`, `outcome`, `function`, `key`, `error`, `node`, `attempts`, `invoke` (index of the event
 * since the previous one's), `completion` (index of the event, counted from the invoke's; 0 for none). By hold:
 * `hold-start`, `hold-length`, `hold-valid` (plus one, from the start; 0 when unknown), `hold-lane`, `hold-key`,
 * `hold-acquired` (index of the event since the previous one's), `hold-released`.
 */
export function packColumns(operations: readonly Operation[], holds: readonly Hold[], lanes: LaneIndex): Columns {
  const functions = new Dictionary();
  const keys = new Dictionary();
  const errors = new Dictionary();
  const nodes = new Dictionary();
  const rowEnds: number[][] = lanes.names.map(() => []);
  const columns: Record<string, number[]> = {};
  const put = (name: string, value: number): void => {
    (columns[name] ??= []).push(value);
  };

  let previousStart = 0;
  let previousInvoke = 0;
  for (const operation of operations) {
    const { invoke, completion } = operation;
    const start = Math.round(microseconds(invoke.time));
    const end = completion === undefined ? undefined : Math.max(start, Math.round(microseconds(completion.time)));
    const lane = lanes.of(invoke);
    put("start", start - previousStart);
    put("length", end === undefined ? 0 : end - start + 1);
    put("lane", lane);
    put("row", freeRow(rowEnds[lane] ?? [], start, end ?? start));
    put("process", operation.process);
    put("outcome", OUTCOMES[outcome(operation)]);
    put("function", functions.position(operation.f));
    put("key", keys.position(subjectOf(invoke)));
    put("error", errors.position(completion?.error ?? ""));
    put("node", nodes.position(completion?.node ?? ""));
    put("attempts", completion?.attempts ?? 0);
    put("invoke", invoke.index - previousInvoke);
    put("completion", completion === undefined ? 0 : completion.index - invoke.index);
    previousStart = start;
    previousInvoke = invoke.index;
  }

  const lanePositions = new Map(lanes.names.map((name, position) => [name, position]));
  let previousHold = 0;
  let previousAcquired = 0;
  for (const hold of holds) {
    const start = Math.round(hold.fromUs);
    put("hold-start", start - previousHold);
    put("hold-length", Math.max(0, Math.round(hold.toUs) - start));
    const valid = validUntil(hold);
    put("hold-valid", valid === undefined ? 0 : Math.max(0, Math.round(valid) - start) + 1);
    put("hold-lane", lanePositions.get(hold.lane) ?? 0);
    put("hold-key", keys.position(hold.key));
    put("hold-acquired", hold.acquired - previousAcquired);
    put("hold-released", hold.released ? 1 : 0);
    previousHold = start;
    previousAcquired = hold.acquired;
  }

  return {
    headers: Object.entries(columns).map(([name, values]) => ({ name, count: values.length })),
    packed: gzipSync(varints(Object.values(columns))),
    functions: functions.entries,
    keys: keys.entries,
    errors: errors.entries,
    nodes: nodes.entries,
    rows: rowEnds.map((ends) => Math.max(1, ends.length)),
  };
}

/**
 * One line per operation: the value of the invoke, a tab, the value of the completion; an empty line for an operation
 * whose values are left out. JSON has no raw tabs or line ends, so the lines need no escaping. Gzipped.
 */
export function packValues(operations: readonly Operation[], kept: (operation: Operation) => boolean): Uint8Array {
  const lines = operations.map((operation) =>
    kept(operation)
      ? `${shortJson(operation.invoke.value)}\t${operation.completion === undefined ? "" : shortJson(operation.completion.value)}`
      : "",
  );
  return gzipSync(lines.join("\n"));
}

/** Operations nearest in time to any of the given moments (or to the start, without any), in their own order. */
export function nearestOperations(history: History, momentsNs: readonly number[], count: number): Operation[] {
  const { operations } = history;
  if (count >= operations.length) return [...operations];
  const moments = [...momentsNs].sort((a, b) => a - b);
  let next = 0;
  const distances = operations.map(({ invoke }) => {
    while (next < moments.length && (moments[next] ?? 0) < invoke.time) next += 1;
    const after = (moments[next] ?? Infinity) - invoke.time;
    const before = invoke.time - (moments[next - 1] ?? -Infinity);
    return moments.length === 0 ? invoke.time : Math.min(after, before);
  });
  const order = operations.map((_, position) => position).sort((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0));
  return order
    .slice(0, count)
    .sort((a, b) => a - b)
    .flatMap((position) => operations[position] ?? []);
}

/** JSON of a value, cut when it is very long; a cut text says so and is no longer JSON. */
function shortJson(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= MAX_VALUE_TEXT
    ? text
    : `${text.slice(0, MAX_VALUE_TEXT)}… (${text.length} characters; the whole is in history.jsonl)`;
}

/** First row of a lane that is free from `start` on; takes it until `end`. */
function freeRow(ends: number[], start: number, end: number): number {
  const row = ends.findIndex((taken) => taken <= start);
  const chosen = row === -1 ? ends.length : row;
  ends[chosen] = end;
  return chosen;
}

/** Zigzag, then little-endian base 128 (LEB128), by arithmetic: numbers may be negative and may exceed 32 bits. */
function varints(columns: readonly (readonly number[])[]): Uint8Array {
  const bytes: number[] = [];
  for (const column of columns) {
    for (const value of column) {
      let rest = value < 0 ? -2 * value - 1 : 2 * value;
      if (!Number.isSafeInteger(rest)) {
        throw new RangeError(`a column of the report holds ${value}; only whole numbers below 2^52 can be stored`);
      }
      while (rest >= 128) {
        bytes.push((rest % 128) + 128);
        rest = Math.floor(rest / 128);
      }
      bytes.push(rest);
    }
  }
  return Uint8Array.from(bytes);
}
