/** The timeline: which of its parts is drawn over which. */
/** @import { RunData } from "../model.js" */
/** @import { Palette } from "../palette.js" */
/** @import { View } from "../view.js" */
/** @import { Emphasis } from "./emphasis.js" */
/** @import { Hit } from "./hit.js" */
import { drawEmphasis } from "./emphasis.js";
import { drawFaultTitles, hatchStruckLanes } from "./faults.js";
import { hitAt } from "./hit.js";
import { drawHolds } from "./holds.js";
import { drawLanes } from "./lanes.js";
import { drawOperations } from "./operations.js";
import { PixelColumns } from "./pixel-columns.js";
import { drawPhases, drawRulerLabels } from "./ruler.js";
import { Scene } from "./scene.js";

/** Lanes of operations with the faults above and behind them: what lies on top of what. */
export class Timeline extends Scene {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {View} view
   * @param {RunData} run
   */
  constructor(canvas, view, run) {
    super(canvas, view, run);
    this.columns = new PixelColumns();
  }

  /**
   * @param {Palette} palette
   * @param {Emphasis} emphasis
   */
  draw(palette, emphasis) {
    const { faultsTop, rows } = this.layout;
    this.begin(palette);
    drawLanes(this, palette);
    this.clip();
    this.timeLines(palette, faultsTop);
    this.faultBands(this.run.model.faults, palette, faultsTop);
    hatchStruckLanes(this, palette);
    drawHolds(this, palette);
    for (const row of rows) drawOperations(this, row, palette, emphasis.matches, this.columns);
    drawEmphasis(this, palette, emphasis);
    drawPhases(this, palette);
    drawFaultTitles(this, palette);
    this.context.restore();
    drawRulerLabels(this, palette);
  }

  /**
   * What lies at a place of the canvas.
   * @param {number} x
   * @param {number} y
   * @returns {Hit | undefined}
   */
  hit(x, y) {
    return hitAt(this, x, y);
  }
}
