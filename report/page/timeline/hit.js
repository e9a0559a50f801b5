/** From a place of the timeline to what lies there. */
/** @import { FaultSpan } from "../../page-model.ts" */
/** @import { Row } from "./layout.js" */
/** @import { Scene } from "./scene.js" */
import { faultEnds } from "../plot.js";
import { firstVisible } from "./layout.js";

/** How far beside a thing the pointer may be, in pixels. */
const NEAR = 3;

/**
 * @typedef {{ kind: "operation", operation: number } | { kind: "fault", fault: FaultSpan } | { kind: "hold", hold:
 * number }} Hit
 */

/**
 * What lies at a place of the canvas: a fault, an operation, else the hold behind it.
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @returns {Hit | undefined}
 */
export function hitAt(scene, x, y) {
  if (!scene.spans(x)) return undefined;
  const { layout } = scene;
  const fault = faultAt(scene, x, y);
  if (fault !== undefined) return { kind: "fault", fault };
  const row = layout.rows.find(({ top }) => y >= top && y < top + layout.rowHeight);
  const operation = row === undefined ? undefined : operationAt(scene, row, x);
  if (operation !== undefined) return { kind: "operation", operation };
  const hold = holdAt(scene, x, y);
  return hold === undefined ? undefined : { kind: "hold", hold };
}

/**
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 */
function faultAt(scene, x, y) {
  const { layout, view } = scene;
  return layout.faults.find(({ fault, top }) => {
    const [from, to] = faultEnds(fault, view.last);
    return (
      y >= top &&
      y < top + layout.faultHeight &&
      x >= scene.x(from) - NEAR &&
      x <= Math.max(scene.x(from) + NEAR, scene.x(to)) + NEAR
    );
  })?.fault;
}

/**
 * The nearest operation of a row.
 * @param {Scene} scene
 * @param {Row} row
 * @param {number} x
 */
function operationAt(scene, row, x) {
  const { operations } = scene.run;
  const moment = scene.time(x);
  const near = NEAR * scene.perPixel;
  /** @type {number | undefined} */
  let found;
  let best = near;
  for (let i = firstVisible(row.operations, operations.start, moment - near); i < row.operations.length; i += 1) {
    const operation = row.operations[i] ?? 0;
    const start = operations.start[operation] ?? 0;
    if (start > moment + near) break;
    const distance = Math.max(0, start - moment, moment - (operations.end[operation] ?? 0));
    if (distance < best || (distance === best && found === undefined)) {
      best = distance;
      found = operation;
    }
  }
  return found;
}

/**
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 */
function holdAt(scene, x, y) {
  const { holds } = scene.run;
  const moment = scene.time(x);
  const lane = scene.layout.lanes.findIndex(({ top, height }) => y >= top && y < top + height);
  return scene.layout.holds[lane]?.find((i) => (holds.start[i] ?? 0) <= moment && moment <= (holds.end[i] ?? 0));
}
