/** An operation that is wide enough to show its outcome as a shape. */
/** @import { Palette } from "../palette.js" */
/** @import { Bar } from "./layout.js" */
/** @import { Scene } from "./scene.js" */
import { FAIL, INFO, OK } from "../model.js";

/**
 * @typedef {object} Span
 * @property {number} left
 * @property {number} right
 * @property {number} open where the next operation of the row begins
 */

/**
 * One operation with the shape of its outcome, and its name where there is room for it.
 * @param {Scene} scene
 * @param {Int32Array} row
 * @param {number} i position in the row
 * @param {Bar} bar
 * @param {Palette} palette
 * @param {Uint8Array | undefined} matches
 * @param {CanvasPattern | string | undefined} pattern of unknown outcomes
 */
export function drawWideOperation(scene, row, i, bar, palette, matches, pattern) {
  const operation = row[i] ?? 0;
  const span = spanOf(scene, operation, row[i + 1]);
  const { context } = scene;
  if (matches?.[operation] === 0) {
    context.fillStyle = palette.dim;
    context.fillRect(span.left, bar.top, span.right - span.left, bar.height);
    return;
  }
  const outcome = scene.run.operations.outcome[operation] ?? 0;
  if (outcome === FAIL) drawFailed(context, span, bar, palette);
  else if (outcome === OK) drawSucceeded(context, span, bar, palette);
  else drawUnknown(scene, span, bar, palette, pattern);
  if (span.right - span.left > 34 && scene.layout.rowHeight >= 14)
    drawName(scene, operation, span, bar, palette, pattern);
}

/**
 * @param {Scene} scene
 * @param {number} operation
 * @param {number | undefined} next
 * @returns {Span}
 */
function spanOf(scene, operation, next) {
  const { operations } = scene.run;
  const left = Math.max(-10, scene.x(operations.start[operation] ?? 0));
  const open = next === undefined ? scene.x(scene.view.last) : scene.x(operations.start[next] ?? 0);
  const completed = operations.completed[operation] === 1;
  const end = completed ? scene.x(operations.end[operation] ?? 0) : Math.min(open, left + 40);
  return { left, right: Math.min(scene.width + 10, Math.max(left + 2, end)), open };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Span} span
 * @param {Bar} bar
 * @param {Palette} palette
 */
function drawSucceeded(context, { left, right }, { top, height }, palette) {
  const width = right - left;
  context.fillStyle = palette.ok;
  // A hair of a gap keeps neighbours apart.
  context.fillRect(left, top, width > 5 ? width - 1 : width, height);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Span} span
 * @param {Bar} bar
 * @param {Palette} palette
 */
function drawFailed(context, { left, right }, { top, height }, palette) {
  const width = right - left;
  context.fillStyle = palette.fail;
  context.fillRect(left, top, width, height);
  context.strokeStyle = palette["fail-ink"];
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  if (width <= 5) return;
  context.beginPath();
  context.moveTo(left, top + height);
  context.lineTo(Math.min(right, left + height), top);
  context.stroke();
}

/**
 * Nobody knows when it happens, if ever: the end is left open.
 * @param {Scene} scene
 * @param {Span} span
 * @param {Bar} bar
 * @param {Palette} palette
 * @param {CanvasPattern | string | undefined} pattern
 */
function drawUnknown({ context, width }, { left, right, open }, { top, height }, palette, pattern) {
  context.fillStyle = palette.info;
  context.fillRect(left, top, right - left, height);
  if (pattern !== undefined) {
    context.fillStyle = pattern;
    context.fillRect(left, top, right - left, height);
  }
  const tail = Math.min(width + 10, open - 2);
  if (tail <= right + 3) return;
  const middle = top + height / 2;
  context.fillStyle = palette.info;
  context.beginPath();
  context.moveTo(right, top);
  context.lineTo(Math.min(tail, right + height / 2), middle);
  context.lineTo(right, top + height);
  context.fill();
  context.strokeStyle = palette.info;
  context.lineWidth = 2;
  context.setLineDash([3, 4]);
  context.beginPath();
  context.moveTo(right + height / 2, middle);
  context.lineTo(tail, middle);
  context.stroke();
  context.setLineDash([]);
}

/**
 * @param {Scene} scene
 * @param {number} operation
 * @param {Span} span
 * @param {Bar} bar
 * @param {Palette} palette
 * @param {CanvasPattern | string | undefined} pattern
 */
function drawName(scene, operation, { left, right }, { top, height }, palette, pattern) {
  const { context } = scene;
  const { operations, model } = scene.run;
  const outcome = operations.outcome[operation] ?? 0;
  const x = Math.max(left, scene.left) + (outcome === FAIL ? height + 2 : 5);
  const key = model.keys[operations.key[operation] ?? 0] ?? "";
  const text = `${model.functions[operations.name[operation] ?? 0] ?? ""} ${key}`;
  if (pattern !== undefined && outcome === INFO) {
    context.fillStyle = palette.info;
    context.fillRect(x - 2, top, Math.min(right - x, text.length * 6.4 + 4), height);
  }
  context.fillStyle = outcome === OK ? palette["ok-ink"] : outcome === FAIL ? palette["fail-ink"] : palette["info-ink"];
  scene.textIn(text, x, top + height / 2 + 0.5, right - x - 3);
}
