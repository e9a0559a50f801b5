/** The timeline's upper edge: moments and phases. */
/** @import { Palette } from "../palette.js" */
/** @import { Scene } from "./scene.js" */
import { FONT, SMALL_FONT } from "../plot.js";

/**
 * The phases of the run, under the ruler.
 * @param {Scene} scene
 * @param {Palette} palette
 */
export function drawPhases(scene, palette) {
  const { context, layout } = scene;
  const { phases } = scene.run.model;
  context.font = SMALL_FONT;
  phases.forEach(({ phase, atUs }, position) => {
    const left = scene.x(atUs);
    const right = scene.x(phases[position + 1]?.atUs ?? scene.view.last);
    if (right < scene.left || left > scene.right) return;
    context.fillStyle = position % 2 === 0 ? palette.rule : palette.faint;
    context.fillRect(left, layout.phasesTop, right - left, 14);
    context.fillStyle = palette.muted;
    const x = Math.max(left, scene.left) + 5;
    scene.textIn(phase, x, layout.phasesTop + 7.5, right - x - 3);
  });
  context.font = FONT;
}

/**
 * The moments on the ruler, and on the left what the rows below it are.
 * @param {Scene} scene
 * @param {Palette} palette
 */
export function drawRulerLabels(scene, palette) {
  const { context, layout } = scene;
  scene.timeLabels(palette, 10);
  context.fillStyle = palette.muted;
  context.font = SMALL_FONT;
  if (layout.faults.length > 0) context.fillText("faults", 10, layout.faultsTop + 8);
  if (scene.run.model.phases.length > 0) context.fillText("phases", 10, layout.phasesTop + 8);
  context.font = FONT;
}
