/** What follows the pointer: a line through all charts, and a box that says what lies under it. */
/** @import { Plot } from "./plot.js" */
import { byId } from "./elements.js";

export class Pointer {
  constructor() {
    this.line = byId("cursor", HTMLElement);
    this.box = byId("tooltip", HTMLElement);
  }

  /**
   * @param {Plot} plot
   * @param {number} x
   * @param {number} y
   * @param {readonly Node[]} content of the box; empty where there is nothing to say
   */
  show(plot, x, y, content) {
    this.line.hidden = !plot.spans(x);
    this.line.style.transform = `translateX(${x}px)`;
    this.box.hidden = content.length === 0;
    this.box.replaceChildren(...content);
    placeBeside(this.box, x, plot.canvas.offsetTop + y);
  }

  hide() {
    this.line.hidden = true;
    this.box.hidden = true;
  }
}

/**
 * Puts a box beside the pointer, inside its parent.
 * @param {HTMLElement} box
 * @param {number} x
 * @param {number} y
 */
function placeBeside(box, x, y) {
  const width = box.parentElement?.clientWidth ?? innerWidth;
  const left = x + 16 + box.offsetWidth > width ? x - 16 - box.offsetWidth : x + 16;
  box.style.left = `${Math.max(4, left)}px`;
  box.style.top = `${y + 14}px`;
}
