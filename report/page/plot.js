/** @import { FaultSpan } from "../page-model.ts" */
/** @import { Palette } from "./palette.js" */
/** @import { View } from "./view.js" */

/** Room on the right of every plot, in pixels. */
const RIGHT = 12;

/** Room on the left of every plot, for the names of lanes and the labels of axes. */
function gutter() {
  return innerWidth < 700 ? 74 : 128;
}

export const FONT = '11px ui-sans-serif, system-ui, "Segoe UI", Roboto, sans-serif';
export const SMALL_FONT = '10px ui-sans-serif, system-ui, "Segoe UI", Roboto, sans-serif';

/**
 * A canvas that shares the time axis of the view: its size in CSS pixels, and the way from times to pixels and back.
 */
export class Plot {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {View} view
   */
  constructor(canvas, view) {
    this.canvas = canvas;
    this.view = view;
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("this browser gives no 2D canvas");
    this.context = context;
    this.width = 0;
    this.height = Number(canvas.getAttribute("height"));
    this.left = gutter();
  }

  /** Right end of the time axis. */
  get right() {
    return this.width - RIGHT;
  }

  /**
   * Fits the bitmap to the screen, and clears it.
   * @param {Palette} palette
   */
  begin(palette) {
    const scale = Math.max(1, devicePixelRatio);
    this.width = this.canvas.parentElement?.clientWidth ?? 800;
    this.left = gutter();
    const wide = Math.round(this.width * scale);
    const high = Math.round(this.height * scale);
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
      this.canvas.style.width = `${this.width}px`;
      this.canvas.style.height = `${this.height}px`;
    }
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    this.context.fillStyle = palette.paper;
    this.context.fillRect(0, 0, this.width, this.height);
    this.context.font = FONT;
    this.context.textBaseline = "middle";
  }

  /** @param {number} us */
  x(us) {
    return this.left + ((us - this.view.from) / this.view.span) * (this.right - this.left);
  }

  /** @param {number} x */
  time(x) {
    return this.view.from + ((x - this.left) / (this.right - this.left)) * this.view.span;
  }

  /**
   * Whether a place lies on the time axis.
   * @param {number} x
   */
  spans(x) {
    return x >= this.left && x <= this.right;
  }

  /** Microseconds of one pixel. */
  get perPixel() {
    return this.view.span / (this.right - this.left);
  }

  /** Keeps what follows inside the time axis; `restore` ends it. */
  clip() {
    this.context.save();
    this.context.beginPath();
    this.context.rect(this.left, 0, this.right - this.left, this.height);
    this.context.clip();
  }

  /**
   * The stretches in which faults were in effect, over the whole height.
   * @param {readonly FaultSpan[]} faults
   * @param {Palette} palette
   * @param {number} top
   */
  faultBands(faults, palette, top) {
    for (const fault of faults) {
      const [from, to] = faultEnds(fault, this.view.last);
      if (to < this.view.from || from > this.view.to) continue;
      const left = this.x(from);
      const right = Math.max(left + 1.5, this.x(to));
      this.context.fillStyle = palette.fault;
      this.context.fillRect(left, top, right - left, this.height - top);
      this.context.fillStyle = palette["fault-line"];
      this.context.fillRect(left, top, 1, this.height - top);
      this.context.fillRect(right - 1, top, 1, this.height - top);
    }
  }

  /** Round moments of the view, close enough together to be read as a scale. */
  ticks() {
    const step = roundStep(this.perPixel * 90);
    const ticks = [];
    for (let us = Math.ceil(this.view.from / step) * step; us <= this.view.to; us += step)
      ticks.push({ x: Math.round(this.x(us)), text: tickText(us, step) });
    return ticks;
  }

  /**
   * Lines at round moments.
   * @param {Palette} palette
   * @param {number} top
   */
  timeLines(palette, top) {
    this.context.fillStyle = palette.rule;
    for (const { x } of this.ticks()) this.context.fillRect(x, top, 1, this.height - top);
  }

  /**
   * The round moments as texts.
   * @param {Palette} palette
   * @param {number} y
   */
  timeLabels(palette, y) {
    const { context } = this;
    const half = 26;
    context.fillStyle = palette.muted;
    context.font = SMALL_FONT;
    context.textAlign = "center";
    for (const { x, text } of this.ticks())
      context.fillText(text, Math.min(Math.max(x + 0.5, this.left + half), this.right - half), y);
    context.textAlign = "left";
    context.font = FONT;
  }
}

/**
 * From when to when a fault was in effect.
 * @param {FaultSpan} fault
 * @param {number} last used when it was never healed
 * @returns {[number, number]}
 */
export function faultEnds(fault, last) {
  return [fault.activeUs ?? fault.injectUs, fault.healedUs ?? fault.healUs ?? last];
}

/**
 * The smallest of 1, 2 and 5 times a power of ten that is not below `least`.
 * @param {number} least
 */
export function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  for (const factor of [1, 2, 5]) if (factor * power >= least) return factor * power;
  return 10 * power;
}

/**
 * @param {number} us
 * @param {number} step
 */
function tickText(us, step) {
  if (us === 0) return "0";
  if (step >= 1_000_000) return `${(us / 1_000_000).toFixed(0)} s`;
  if (step >= 100_000) return `${(us / 1_000_000).toFixed(1)} s`;
  const digits = Math.max(0, Math.ceil(-Math.log10(step / 1000) - 1e-9));
  return `${(us / 1000).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ms`;
}
