/** @import { RunData } from "./model.js" */
/** @import { Palette } from "./palette.js" */
import { INFO } from "./model.js";
import { Plot } from "./plot.js";
import { View } from "./view.js";

/** The whole run in one strip, with the part in view framed: where one is, and the way to anywhere else. */
export class Overview extends Plot {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {View} view of the other plots
   * @param {RunData} run
   */
  constructor(canvas, view, run) {
    super(canvas, new View(run.model.fromUs, run.model.toUs));
    this.shown = view;
    this.run = run;
    /** Operations by pixel column; the run does not change, only the width does. */
    this.counts = new Float64Array(0);
    this.trouble = new Uint8Array(0);
  }

  /** @param {number} columns */
  count(columns) {
    if (this.counts.length === columns) return;
    const { operations } = this.run;
    this.counts = new Float64Array(columns);
    this.trouble = new Uint8Array(columns);
    for (let i = 0; i < operations.count; i += 1) {
      const column = Math.floor((((operations.start[i] ?? 0) - this.view.from) / this.view.span) * columns);
      this.counts[column] = (this.counts[column] ?? 0) + 1;
      if (operations.outcome[i] === INFO) this.trouble[column] = 1;
    }
  }

  /** @param {Palette} palette */
  draw(palette) {
    this.begin(palette);
    const { context, run } = this;
    context.fillStyle = palette.lane;
    context.fillRect(this.left, 0, this.right - this.left, this.height);
    this.clip();
    this.faultBands(run.model.faults, palette, 0);
    this.count(Math.max(1, Math.floor((this.right - this.left) / 2)));
    const most = this.counts.reduce((a, b) => Math.max(a, b), 1);
    this.counts.forEach((count, column) => {
      // By the square root: a burst of deliveries must not flatten everything else.
      const high = Math.sqrt(count / most) * (this.height - 10);
      context.fillStyle = palette.ok;
      context.fillRect(this.left + column * 2, this.height - high, 2, high);
      if (this.trouble[column] === 1) {
        context.fillStyle = palette.info;
        context.fillRect(this.left + column * 2, this.height - high - 4, 2, 4);
      }
    });
    context.restore();
    const from = this.x(this.shown.from);
    const to = Math.max(from + 3, this.x(this.shown.to));
    context.fillStyle = palette.dim;
    context.globalAlpha = 0.55;
    context.fillRect(this.left, 0, from - this.left, this.height);
    context.fillRect(to, 0, this.right - to, this.height);
    context.globalAlpha = 1;
    context.strokeStyle = palette.accent;
    context.lineWidth = 1.5;
    context.strokeRect(from + 0.75, 0.75, to - from - 1.5, this.height - 1.5);
    context.fillStyle = palette.muted;
    context.fillText("whole run", 10, this.height / 2);
  }
}
