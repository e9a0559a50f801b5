/** Puts rows in the order of time. Rows of one moment stay in the order of the file. */
import type { Columns } from "../columns/columns.ts";
import { NO_PARTNER } from "../columns/columns.ts";
import { columnsOfRows } from "../columns/rows.ts";
import type { Rows } from "../columns/rows.ts";

/**
 * The columns of the history; the rows are used up. Without times, the order of the lines counts.
 * @param partner for each row that of its partner.
 */
export function inOrder(rows: Rows, partner: Int32Array): Columns {
  const { length, time } = rows;
  if (rows.timedLine === 0) {
    for (let row = 0; row < length; row += 1) time[row] = row;
    return columnsOfRows(rows, partner);
  }
  const order = orderByTime(time, length);
  if (order === undefined) return columnsOfRows(rows, partner);
  rows.time = permuted(time, order, new Float64Array(length));
  rows.process = permuted(rows.process, order, new Int32Array(length));
  rows.type = permuted(rows.type, order, new Uint8Array(length));
  rows.f = permuted(rows.f, order, new Uint16Array(length));
  rows.value = permuted(rows.value, order, new Int32Array(length));
  rows.line = permuted(rows.line, order, new Int32Array(length));
  const { details } = rows;
  for (const name of Object.keys(details) as (keyof typeof details)[]) {
    const column = details[name];
    if (column !== undefined) details[name] = permuted(column, order, new Int32Array(length));
  }
  const placeOf = new Int32Array(length);
  for (let place = 0; place < length; place += 1) placeOf[order[place] as number] = place;
  const moved = permuted(partner, order, new Int32Array(length));
  for (let place = 0; place < length; place += 1) {
    const row = moved[place] as number;
    if (row !== NO_PARTNER) moved[place] = placeOf[row] as number;
  }
  return columnsOfRows(rows, moved);
}

/**
 * Merge sort of the runs that are in order already: a file is made of few of them, one for each process that wrote to
 * it at its own pace.
 * @returns the rows in order, or undefined when they are.
 */
function orderByTime(time: Float64Array, length: number): Int32Array | undefined {
  let starts = [0];
  for (let row = 1; row < length; row += 1) if ((time[row] as number) < (time[row - 1] as number)) starts.push(row);
  if (starts.length === 1) return undefined;
  let from = new Int32Array(length);
  for (let row = 0; row < length; row += 1) from[row] = row;
  let to = new Int32Array(length);
  while (starts.length > 1) {
    const merged: number[] = [];
    for (let run = 0; run < starts.length; run += 2) {
      const start = starts[run] as number;
      const middle = starts[run + 1] ?? length;
      const end = starts[run + 2] ?? length;
      merged.push(start);
      merge(time, from, to, start, middle, end);
    }
    starts = merged;
    [from, to] = [to, from];
  }
  return from;
}

function merge(time: Float64Array, from: Int32Array, to: Int32Array, start: number, middle: number, end: number): void {
  let [left, right] = [start, middle];
  for (let at = start; at < end; at += 1) {
    const takesLeft =
      left < middle &&
      (right >= end || (time[from[left] as number] as number) <= (time[from[right] as number] as number));
    to[at] = (takesLeft ? from[left] : from[right]) as number;
    if (takesLeft) left += 1;
    else right += 1;
  }
}

function permuted<Column extends Float64Array | Int32Array | Uint8Array | Uint16Array>(
  column: Column,
  order: Int32Array,
  room: Column,
): Column {
  for (let place = 0; place < order.length; place += 1) room[place] = column[order[place] as number] as number;
  return room;
}
