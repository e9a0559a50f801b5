/** The background of the timeline: one stripe for each lane, with who works in it. */
/** @import { Palette } from "../palette.js" */
/** @import { Scene } from "./scene.js" */
import { FONT, SMALL_FONT } from "../plot.js";

/**
 * The lanes' stripes, and on their left who works in them.
 * @param {Scene} scene
 * @param {Palette} palette
 */
export function drawLanes(scene, palette) {
  const { context, layout, left, width } = scene;
  layout.lanes.forEach(({ top, height }, position) => {
    const lane = scene.run.model.lanes[position];
    if (lane === undefined) return;
    if (position % 2 === 0) {
      context.fillStyle = palette.lane;
      context.fillRect(0, top, width, height);
    }
    if (height < 11) return;
    context.save();
    context.beginPath();
    context.rect(0, top, left - 8, height);
    context.clip();
    const two = height >= 27;
    context.fillStyle = palette.ink;
    context.font = `600 ${FONT}`;
    context.fillText(lane.name, 10, top + height / 2 - (two ? 6 : 0));
    const nameWidth = context.measureText(lane.name).width;
    context.font = SMALL_FONT;
    context.fillStyle = palette.muted;
    if (two) context.fillText(processesText(lane.processes), 10, top + height / 2 + 7);
    // A role that is only the name again, or that would be cut off, says nothing.
    const roleFits = 16 + nameWidth + context.measureText(lane.role).width < left - 8;
    if (roleFits && lane.role !== lane.name)
      context.fillText(lane.role, 16 + nameWidth, top + height / 2 - (two ? 6 : 0));
    context.restore();
  });
  context.font = FONT;
}

/** @param {readonly number[]} processes */
function processesText(processes) {
  const [first] = processes;
  if (first === undefined) return "did nothing";
  if (processes.length === 1) return `process ${first}`;
  return processes.length <= 3 ? `processes ${processes.join(", ")}` : `${processes.length} processes`;
}
