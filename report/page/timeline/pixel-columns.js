/** Operations that are too narrow to be drawn one by one, gathered by pixel column. */
/** @import { Palette } from "../palette.js" */
import { FAIL, INFO, OK, OUTCOMES } from "../model.js";

/** Stands beside the outcomes for an operation that the filter leaves out, whatever its outcome. */
const LEFT_OUT = OUTCOMES.length;

/** The operations of one row that are too narrow to be drawn one by one: for each pixel column, what is in it. */
export class PixelColumns {
  constructor() {
    /** For each pixel column a bit per outcome, and one for what is left out. */
    this.bits = new Uint8Array(0);
  }

  /**
   * Begins a new row.
   * @param {number} width of the canvas
   */
  clear(width) {
    if (this.bits.length < width + 2) this.bits = new Uint8Array(Math.ceil(width) + 2);
    this.bits.fill(0);
  }

  /**
   * @param {number} from
   * @param {number} to exclusive
   * @param {number} outcome position in `OUTCOMES`
   * @param {boolean} leftOut
   */
  add(from, to, outcome, leftOut) {
    const bit = 1 << (leftOut ? LEFT_OUT : outcome);
    for (let column = Math.max(0, Math.floor(from)); column < to; column += 1)
      this.bits[column] = (this.bits[column] ?? 0) | bit;
  }

  /**
   * Neighbouring columns of the same content become one rectangle. What is rare lies on top, and differs in height as
   * well.
   * @param {CanvasRenderingContext2D} context
   * @param {number} y
   * @param {number} high
   * @param {Palette} palette
   */
  draw(context, y, high, palette) {
    const columns = this.bits;
    for (let from = 0; from < columns.length;) {
      const bits = columns[from] ?? 0;
      let to = from + 1;
      while (to < columns.length && columns[to] === bits) to += 1;
      if ((bits & (1 << LEFT_OUT)) !== 0) {
        context.fillStyle = palette.dim;
        context.fillRect(from, y, to - from, high);
      }
      if ((bits & (1 << OK)) !== 0) {
        context.fillStyle = palette.ok;
        context.fillRect(from, y, to - from, high);
      }
      if ((bits & (1 << FAIL)) !== 0) {
        context.fillStyle = palette.fail;
        context.fillRect(from, y + high / 2, to - from, high / 2);
      }
      if ((bits & (1 << INFO)) !== 0) {
        context.fillStyle = palette.info;
        context.fillRect(from, y - 2, to - from, high + 4);
      }
      from = to;
    }
  }
}
