/** Where everything of the timeline lies from top to bottom. */
/** @import { RunData } from "../model.js" */
/** @import { FaultSpan } from "../../page-model.ts" */
import { faultEnds } from "../plot.js";
import { firstNotBelow } from "../search.js";

const RULER = 20;
const PHASES = 16;
const FAULT_ROW = 17;
const LANE_PADDING = 5;

/**
 * One row of a lane: operations that do not overlap, by time.
 * @typedef {object} Row
 * @property {number} lane
 * @property {Int32Array} operations
 * @property {number} top
 */

/**
 * Where everything of the timeline lies from top to bottom, in pixels.
 * @typedef {object} Layout
 * @property {number} phasesTop
 * @property {number} faultsTop
 * @property {{ fault: FaultSpan, top: number }[]} faults
 * @property {number} faultHeight
 * @property {{ top: number, height: number }[]} lanes
 * @property {Row[]} rows
 * @property {number} rowHeight
 * @property {Int32Array[]} holds positions of the holds of every lane
 * @property {number} height
 */

/**
 * @param {RunData} run
 * @returns {Layout}
 */
export function layOut({ model, operations, holds }) {
  const rowCount = model.lanes.reduce((sum, lane) => sum + lane.rows, 0);
  const rowHeight = rowCount <= 14 ? 22 : rowCount <= 36 ? 14 : rowCount <= 80 ? 9 : 6;
  const phasesTop = RULER;
  const faultsTop = phasesTop + (model.phases.length === 0 ? 0 : PHASES) + 2;
  const { placed, rows: faultRows } = stackFaults(model.faults, model.toUs);
  const faults = placed.map(({ fault, row }) => ({ fault, top: faultsTop + row * FAULT_ROW }));

  /** @type {Row[]} */
  const rows = [];
  /** @type {number[]} */
  const firstRow = [];
  let top = faultsTop + faultRows * FAULT_ROW + 4;
  const padding = rowHeight < 10 ? 2 : LANE_PADDING;
  const lanes = model.lanes.map((lane, position) => {
    const height = lane.rows * rowHeight + 2 * padding;
    firstRow.push(rows.length);
    for (let row = 0; row < lane.rows; row += 1) {
      rows.push({ lane: position, operations: new Int32Array(0), top: top + padding + row * rowHeight });
    }
    const placedLane = { top, height };
    top += height;
    return placedLane;
  });

  const buckets = /** @type {number[][]} */ (rows.map(() => []));
  for (let i = 0; i < operations.count; i += 1) {
    buckets[(firstRow[operations.lane[i] ?? 0] ?? 0) + (operations.row[i] ?? 0)]?.push(i);
  }
  rows.forEach((row, position) => (row.operations = Int32Array.from(buckets[position] ?? [])));

  const held = /** @type {number[][]} */ (lanes.map(() => []));
  for (let i = 0; i < holds.count; i += 1) held[holds.lane[i] ?? 0]?.push(i);

  return {
    phasesTop,
    faultsTop,
    faults,
    faultHeight: FAULT_ROW - 3,
    lanes,
    rows,
    rowHeight,
    holds: held.map((list) => Int32Array.from(list)),
    height: top + 2,
  };
}

/**
 * Faults that overlap in time get rows of their own.
 * @param {readonly FaultSpan[]} faults by start
 * @param {number} last
 */
function stackFaults(faults, last) {
  /** @type {number[]} */
  const ends = [];
  const placed = faults.map((fault) => {
    const [, to] = faultEnds(fault, last);
    const free = ends.findIndex((end) => end < fault.injectUs);
    const row = free === -1 ? ends.length : free;
    ends[row] = to;
    return { fault, row };
  });
  return { placed, rows: ends.length };
}

/** @typedef {{ top: number, height: number }} Bar */

/**
 * The bar that stands for an operation, in a row that begins at `top`.
 * @param {Layout} layout
 * @param {number} top
 * @returns {Bar}
 */
export function barOf({ rowHeight }, top) {
  const height = rowHeight - (rowHeight >= 14 ? 4 : 1);
  return { top: top + (rowHeight - height) / 2, height };
}

/**
 * Position of the first operation of a row that may be seen from `from` on.
 * @param {Int32Array} row
 * @param {Float64Array} starts
 * @param {number} from
 */
export function firstVisible(row, starts, from) {
  // The one before may reach into the view.
  return Math.max(0, firstNotBelow(row.length, (i) => starts[row[i] ?? 0] ?? 0, from) - 1);
}
