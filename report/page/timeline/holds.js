/** The bands behind the operations: who held a lock when. */
/** @import { Palette } from "../palette.js" */
/** @import { Scene } from "./scene.js" */
import { FONT, SMALL_FONT } from "../plot.js";
import { hatch } from "./hatch.js";

/** Holds narrower than this are drawn by whole pixels. */
const NARROW = 8;

/**
 * Behind the operations, who held a lock when; hatched once the lock was no longer valid.
 * @param {Scene} scene
 * @param {Palette} palette
 */
export function drawHolds(scene, palette) {
  const { context, layout, view } = scene;
  const { holds } = scene.run;
  const expired = hatch(context, palette.expired);
  layout.holds.forEach((list, lane) => {
    const { top, height } = layout.lanes[lane] ?? { top: 0, height: 0 };
    // Short holds by whole pixels, neighbours together: there may be tens of thousands.
    let runFrom = -1;
    let runTo = -1;
    const endRun = () => {
      context.fillStyle = palette.hold;
      if (runFrom >= 0) context.fillRect(runFrom, top + 1, runTo - runFrom, height - 2);
      runFrom = -1;
    };
    for (const hold of list) {
      const start = holds.start[hold] ?? 0;
      const end = holds.end[hold] ?? start;
      if (end < view.from || start > view.to) continue;
      const left = scene.x(start);
      const right = Math.max(left + 1, scene.x(end));
      if (right - left >= NARROW) {
        drawWideHold(scene, hold, { left, right, top, height }, palette, expired);
        continue;
      }
      if (runFrom >= 0 && left > runTo + 0.5) endRun();
      if (runFrom < 0) runFrom = Math.floor(left);
      runTo = Math.max(runFrom + 1, Math.ceil(right));
    }
    endRun();
  });
}

/**
 * @param {Scene} scene
 * @param {number} hold
 * @param {{ left: number, right: number, top: number, height: number }} box
 * @param {Palette} palette
 * @param {CanvasPattern | string} expired
 */
function drawWideHold(scene, hold, { left, right, top, height }, palette, expired) {
  const { context } = scene;
  const { holds, model } = scene.run;
  const validUntil = holds.validUntil[hold] ?? NaN;
  const valid = Number.isNaN(validUntil) ? right : Math.min(right, Math.max(left, scene.x(validUntil)));
  context.fillStyle = palette.hold;
  context.fillRect(left, top + 1, valid - left, height - 2);
  context.fillStyle = palette["hold-line"];
  context.fillRect(left, top + 1, right - left, 2);
  context.fillRect(left, top + height - 3, right - left, 2);
  if (right - valid > 0.5) {
    context.fillStyle = expired;
    context.fillRect(valid, top + 1, right - valid, height - 2);
    context.fillStyle = palette.expired;
    context.fillRect(valid, top + 1, right - valid, 2);
    context.fillRect(valid, top + height - 3, right - valid, 2);
  }
  if (right - left > 90 && scene.layout.rowHeight >= 14) {
    context.font = SMALL_FONT;
    context.fillStyle = palette["hold-line"];
    const x = Math.max(left, scene.left) + 6;
    scene.textIn(`holds ${model.keys[holds.key[hold] ?? 0] ?? ""}`, x, top + height / 2, right - x - 4);
    context.font = FONT;
  }
}
