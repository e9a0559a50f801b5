/** The faults on the timeline: their bars above the lanes, and the lanes that they strike. */
/** @import { FaultSpan } from "../../page-model.ts" */
/** @import { Palette } from "../palette.js" */
/** @import { Scene } from "./scene.js" */
import { FONT, SMALL_FONT, faultEnds } from "../plot.js";
import { hatch } from "./hatch.js";

/**
 * A fault of workers strikes their lanes: these are hatched, the others only shaded.
 * @param {Scene} scene
 * @param {Palette} palette
 */
export function hatchStruckLanes(scene, palette) {
  const { context, layout, view } = scene;
  const pattern = hatch(context, palette["fault-lane"]);
  for (const { fault } of layout.faults) {
    const [from, to] = faultEnds(fault, view.last);
    if (to < view.from || from > view.to) continue;
    layout.lanes.forEach(({ top, height }, position) => {
      if (!fault.target.includes(scene.run.model.lanes[position]?.name ?? "")) return;
      context.fillStyle = pattern;
      context.fillRect(scene.x(from), top + 1, Math.max(2, scene.x(to) - scene.x(from)), height - 2);
    });
  }
}

/**
 * The faults as bars with their titles, above the lanes: thin from the injection until the fault is in effect.
 * @param {Scene} scene
 * @param {Palette} palette
 */
export function drawFaultTitles(scene, palette) {
  const { context, layout } = scene;
  for (const { fault, top } of layout.faults) {
    const [from, to] = faultEnds(fault, scene.view.last);
    const left = scene.x(from);
    const right = Math.max(left + 3, scene.x(to));
    if (right < scene.left || left > scene.right) continue;
    const begun = scene.x(fault.injectUs);
    context.fillStyle = palette["fault-lane"];
    context.fillRect(begun, top + layout.faultHeight / 2 - 1, left - begun, 2);
    context.fillStyle = palette["fault-line"];
    context.fillRect(left, top, right - left, layout.faultHeight);
    context.font = `600 ${SMALL_FONT}`;
    const room = context.measureText(fault.title).width + 10;
    const x = Math.max(left, scene.left) + 5;
    // A short fault has its title beside it.
    if (right - x > room - 5) {
      context.fillStyle = palette.paper;
      context.fillText(fault.title, x, top + layout.faultHeight / 2 + 0.5);
    } else if (isClearUntil(scene, fault, right + room)) {
      context.fillStyle = palette["fault-line"];
      context.fillText(fault.title, Math.max(right, scene.left) + 4, top + layout.faultHeight / 2 + 0.5);
    }
  }
  context.font = FONT;
}

/**
 * Whether no other fault of the same row begins before `x`.
 * @param {Scene} scene
 * @param {FaultSpan} fault
 * @param {number} x
 */
function isClearUntil(scene, fault, x) {
  const { faults } = scene.layout;
  const own = faults.find((placed) => placed.fault === fault);
  return !faults.some(
    (placed) =>
      placed !== own &&
      placed.top === own?.top &&
      placed.fault.injectUs > fault.injectUs &&
      scene.x(placed.fault.injectUs) < x,
  );
}
