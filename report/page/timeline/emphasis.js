/** What is pointed out on the timeline: pinned, under the pointer, or numbered by a finding. */
/** @import { MarkedFinding } from "../../page-model.ts" */
/** @import { Palette } from "../palette.js" */
/** @import { Scene } from "./scene.js" */
import { FONT, SMALL_FONT } from "../plot.js";
import { barOf } from "./layout.js";

/**
 * What is pointed out besides the run itself.
 * @typedef {object} Emphasis
 * @property {number | undefined} pinned position of an operation
 * @property {number | undefined} hovered
 * @property {MarkedFinding | undefined} finding
 * @property {Uint8Array | undefined} matches 0 for the operations that the filter leaves out
 */

/**
 * Frames around what is pinned, under the pointer, or part of the chosen finding.
 * @param {Scene} scene
 * @param {Palette} palette
 * @param {Emphasis} emphasis
 */
export function drawEmphasis(scene, palette, { pinned, hovered, finding }) {
  finding?.marks.forEach(({ operation }) => outline(scene, operation, palette.expired, 2));
  if (hovered !== undefined) outline(scene, hovered, palette.muted, 1.5);
  if (pinned !== undefined) outline(scene, pinned, palette.accent, 2.5);
  if (finding !== undefined) drawMarks(scene, palette, finding);
}

/**
 * The numbers of the story beside its operations; one that would cover another moves to the right.
 * @param {Scene} scene
 * @param {Palette} palette
 * @param {MarkedFinding} finding
 */
function drawMarks(scene, palette, { marks }) {
  const { context } = scene;
  /** @type {Map<number, number>} right end of the last number, by height */
  const taken = new Map();
  context.font = `700 ${SMALL_FONT}`;
  context.textAlign = "center";
  for (const { operation, label } of marks) {
    const box = boxOf(scene, operation);
    if (box === undefined || box.left > scene.right || box.right < scene.left) continue;
    const half = context.measureText(label).width / 2 + 5;
    const place = Math.max(box.left, scene.left + half, (taken.get(box.top) ?? -Infinity) + half + 2);
    const x = Math.min(place, scene.right - half);
    taken.set(box.top, x + half);
    context.fillStyle = palette.expired;
    context.beginPath();
    context.roundRect(x - half, box.top - 10, 2 * half, 15, 7.5);
    context.fill();
    context.fillStyle = palette.paper;
    context.fillText(label, x, box.top - 2);
  }
  context.textAlign = "left";
  context.font = FONT;
}

/**
 * @param {Scene} scene
 * @param {number} operation
 * @param {string} colour
 * @param {number} thick
 */
function outline(scene, operation, colour, thick) {
  const box = boxOf(scene, operation);
  if (box === undefined) return;
  scene.context.strokeStyle = colour;
  scene.context.lineWidth = thick;
  scene.context.strokeRect(box.left - 1.5, box.top - 1.5, box.right - box.left + 3, box.height + 3);
}

/**
 * Where an operation is drawn.
 * @param {Scene} scene
 * @param {number} operation
 */
function boxOf(scene, operation) {
  const { operations } = scene.run;
  const { rows } = scene.layout;
  const lane = operations.lane[operation];
  const first = rows.findIndex((row) => row.lane === lane);
  const row = rows[first + (operations.row[operation] ?? 0)];
  if (row === undefined) return undefined;
  const left = scene.x(operations.start[operation] ?? 0);
  const right = Math.max(left + 2, scene.x(operations.end[operation] ?? 0));
  return { left, right, ...barOf(scene.layout, row.top) };
}
