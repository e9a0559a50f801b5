/** The operations of a row: what is in view, and what is wide enough to be drawn on its own. */
/** @import { Palette } from "../palette.js" */
/** @import { Row } from "./layout.js" */
/** @import { PixelColumns } from "./pixel-columns.js" */
/** @import { Scene } from "./scene.js" */
import { INFO } from "../model.js";
import { hatch } from "./hatch.js";
import { barOf, firstVisible } from "./layout.js";
import { drawWideOperation } from "./wide-operation.js";

/** Operations narrower than this are drawn by pixel column, not one by one. */
const NARROW = 2.5;
/** An operation of unknown outcome is drawn on its own when there is this much room after it. */
const ROOM_FOR_TAIL = 8;

/**
 * The operations of one row that are in view.
 * @param {Scene} scene
 * @param {Row} row
 * @param {Palette} palette
 * @param {Uint8Array | undefined} matches
 * @param {PixelColumns} columns
 */
export function drawOperations(scene, { operations: row, top }, palette, matches, columns) {
  const { operations } = scene.run;
  const { context, view } = scene;
  const bar = barOf(scene.layout, top);
  columns.clear(scene.width);
  /** @type {number[]} */
  const wide = [];
  const scale = (scene.right - scene.left) / view.span;
  const base = scene.left - view.from * scale;
  const edge = Math.ceil(scene.right);
  for (let i = firstVisible(row, operations.start, view.from); i < row.length; i += 1) {
    const operation = row[i] ?? 0;
    const start = operations.start[operation] ?? 0;
    if (start > view.to) break;
    const left = base + start * scale;
    const right = base + (operations.end[operation] ?? 0) * scale;
    const outcome = operations.outcome[operation] ?? 0;
    const next = base + (operations.start[row[i + 1] ?? -1] ?? Infinity) * scale;
    if (right - left >= NARROW || (outcome === INFO && next - right > ROOM_FOR_TAIL)) {
      wide.push(i);
      continue;
    }
    if (right < scene.left) continue;
    columns.add(left, Math.min(edge, Math.max(left + 1, right)), outcome, matches?.[operation] === 0);
  }
  columns.draw(context, bar.top, bar.height, palette);
  const pattern = wide.length === 0 ? undefined : hatch(context, palette["info-ink"]);
  for (const i of wide) drawWideOperation(scene, row, i, bar, palette, matches, pattern);
}
