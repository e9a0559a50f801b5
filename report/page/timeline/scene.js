/** What the parts of the timeline draw on. */
/** @import { RunData } from "../model.js" */
/** @import { Layout } from "./layout.js" */
/** @import { View } from "../view.js" */
import { Plot } from "../plot.js";
import { layOut } from "./layout.js";

/** What the parts of the timeline draw on: a canvas, the run, and where everything lies on it. */
export class Scene extends Plot {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {View} view
   * @param {RunData} run
   */
  constructor(canvas, view, run) {
    super(canvas, view);
    this.run = run;
    /** @type {Layout} */
    this.layout = layOut(run);
    this.height = this.layout.height;
  }

  /**
   * Text that ends where its room ends.
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {number} room
   */
  textIn(text, x, y, room) {
    const letters = Math.floor(room / 6);
    if (letters < 3) return;
    const plain = text.replace(/[^\x20-\x7e\u00a0-\u024f\u0370-\u052f]/g, "\ufffd");
    this.context.fillText(plain.length <= letters ? plain : `${plain.slice(0, letters - 1)}…`, x, y);
  }
}
