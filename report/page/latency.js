/** @import { RunData } from "./model.js" */
/** @import { Palette } from "./palette.js" */
/** @import { View } from "./view.js" */
import { Plot, SMALL_FONT, FONT, roundStep } from "./plot.js";
import { firstNotBelow } from "./search.js";
import { lengthText } from "./text.js";

const TOP = 8;
const BOTTOM = 18;
const BUCKETS = 160;

/**
 * Time from invoke to completion on a logarithmic scale: every operation a point, and quantiles of those that were
 * `ok`.
 */
export class Latency extends Plot {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {View} view
   * @param {RunData} run
   */
  constructor(canvas, view, run) {
    super(canvas, view);
    this.run = run;
    const { operations } = run;
    let least = Infinity;
    let most = 0;
    for (let i = 0; i < operations.count; i += 1) {
      if (operations.completed[i] === 0) continue;
      const length = Math.max(1, (operations.end[i] ?? 0) - (operations.start[i] ?? 0));
      least = Math.min(least, length);
      most = Math.max(most, length);
    }
    /** Decades of the axis, as powers of ten of a microsecond. */
    this.lowest = most === 0 ? 2 : Math.floor(Math.log10(least));
    this.highest = most === 0 ? 4 : Math.max(this.lowest + 1, Math.ceil(Math.log10(most)));
    this.bin = 1;
    this.firstBin = 0;
    /** @type {Float64Array[]} median and 99th percentile by bin, NaN where there is too little */
    this.quantiles = [];
  }

  /** @param {number} length */
  y(length) {
    const floor = this.height - BOTTOM;
    const share = (Math.log10(Math.max(1, length)) - this.lowest) / (this.highest - this.lowest);
    return floor - share * (floor - TOP);
  }

  /**
   * @param {Palette} palette
   * @param {Uint8Array | undefined} matches
   */
  draw(palette, matches) {
    this.begin(palette);
    this.clip();
    this.timeLines(palette, TOP);
    this.timeLabels(palette, this.height - 7);
    this.faultBands(this.run.model.faults, palette, TOP);
    this.context.restore();
    this.decades(palette);
    this.clip();
    this.points(palette, matches);
    this.lines(palette, matches);
    this.context.restore();
  }

  /** @param {Palette} palette */
  decades(palette) {
    const { context } = this;
    context.font = SMALL_FONT;
    context.textAlign = "right";
    for (let power = this.lowest; power <= this.highest; power += 1) {
      const y = this.y(10 ** power);
      context.fillStyle = palette.rule;
      context.fillRect(this.left, Math.round(y), this.right - this.left, 1);
      context.fillStyle = palette.muted;
      context.fillText(lengthText(10 ** power), this.left - 8, y);
    }
    context.textAlign = "left";
    context.font = FONT;
  }

  /**
   * Points that would cover each other are drawn once; what is rare lies on top.
   * @param {Palette} palette
   * @param {Uint8Array | undefined} matches
   */
  points(palette, matches) {
    const { operations } = this.run;
    const { context, view } = this;
    const wide = Math.ceil(this.width / 2);
    const taken = [0, 1, 2].map(() => new Uint8Array(wide * Math.ceil(this.height / 2)));
    /** @type {number[][]} */
    const places = [[], [], []];
    // By the time of the invoke, as what delayed it began there.
    const first = firstNotBelow(operations.count, (i) => operations.start[i] ?? 0, view.from);
    for (let i = first; i < operations.count; i += 1) {
      const end = operations.end[i] ?? 0;
      if (operations.completed[i] === 0 || (matches !== undefined && matches[i] === 0)) continue;
      const start = operations.start[i] ?? 0;
      if (start > view.to) break;
      const x = this.x(start);
      const y = this.y(end - start);
      const outcome = operations.outcome[i] ?? 0;
      const cell = (y >> 1) * wide + (x >> 1);
      const cells = taken[outcome];
      if (cells === undefined || cells[cell] === 1) continue;
      cells[cell] = 1;
      places[outcome]?.push(x, y);
    }
    const [ok = [], fail = [], info = []] = places;
    context.fillStyle = palette.ok;
    const size = ok.length < 4000 ? 3 : 2;
    for (let i = 0; i < ok.length; i += 2) context.fillRect((ok[i] ?? 0) - 1, (ok[i + 1] ?? 0) - 1, size, size);
    context.strokeStyle = palette["fail-ink"];
    context.lineWidth = 1.2;
    context.beginPath();
    for (let i = 0; i < fail.length; i += 2) {
      const x = fail[i] ?? 0;
      const y = fail[i + 1] ?? 0;
      context.moveTo(x - 2.5, y - 2.5);
      context.lineTo(x + 2.5, y + 2.5);
      context.moveTo(x + 2.5, y - 2.5);
      context.lineTo(x - 2.5, y + 2.5);
    }
    context.stroke();
    context.fillStyle = palette.info;
    context.beginPath();
    for (let i = 0; i < info.length; i += 2) {
      const x = info[i] ?? 0;
      const y = info[i + 1] ?? 0;
      context.moveTo(x, y - 4);
      context.lineTo(x + 4, y + 3);
      context.lineTo(x - 4, y + 3);
    }
    context.fill();
  }

  /**
   * @param {Palette} palette
   * @param {Uint8Array | undefined} matches
   */
  lines(palette, matches) {
    this.quantiles = this.computeQuantiles(matches);
    const { context } = this;
    this.quantiles.forEach((line, which) => {
      context.strokeStyle = palette.ink;
      context.globalAlpha = which === 0 ? 0.9 : 0.6;
      context.lineWidth = which === 0 ? 1.8 : 1.2;
      context.setLineDash(which === 0 ? [] : [4, 3]);
      context.beginPath();
      let pen = false;
      line.forEach((value, bin) => {
        if (Number.isNaN(value)) {
          pen = false;
          return;
        }
        const x = this.x((this.firstBin + bin + 0.5) * this.bin);
        if (pen) context.lineTo(x, this.y(value));
        else context.moveTo(x, this.y(value));
        pen = true;
      });
      context.stroke();
    });
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  /**
   * Quantiles by counting into buckets that are evenly spaced on the logarithm: as exact as the picture.
   * @param {Uint8Array | undefined} matches
   */
  computeQuantiles(matches) {
    const { operations } = this.run;
    this.bin = Math.max(roundStep(this.perPixel * 14), 10);
    this.firstBin = Math.floor(this.view.from / this.bin);
    const bins = Math.ceil(this.view.to / this.bin) - this.firstBin + 1;
    const counts = new Uint32Array(bins * BUCKETS);
    const perDecade = BUCKETS / (this.highest - this.lowest);
    const first = firstNotBelow(operations.count, (i) => operations.start[i] ?? 0, this.firstBin * this.bin);
    for (let i = first; i < operations.count && (operations.start[i] ?? 0) <= this.view.to + this.bin; i += 1) {
      if (operations.outcome[i] !== 0 || (matches !== undefined && matches[i] === 0)) continue;
      const start = operations.start[i] ?? 0;
      const bin = Math.floor(start / this.bin) - this.firstBin;
      if (bin < 0 || bin >= bins) continue;
      const length = Math.max(1, (operations.end[i] ?? 0) - start);
      const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor((Math.log10(length) - this.lowest) * perDecade)));
      counts[bin * BUCKETS + bucket] = (counts[bin * BUCKETS + bucket] ?? 0) + 1;
    }
    return [0.5, 0.99].map((share) =>
      Float64Array.from({ length: bins }, (_, bin) => {
        const own = counts.subarray(bin * BUCKETS, (bin + 1) * BUCKETS);
        const total = own.reduce((sum, count) => sum + count, 0);
        if (total < 4) return NaN;
        let rest = share * total;
        const bucket = own.findIndex((count) => (rest -= count) <= 0);
        return 10 ** (this.lowest + (bucket + 0.5) / perDecade);
      }),
    );
  }

  /**
   * What the chart says at a moment.
   * @param {number} us
   */
  at(us) {
    const bin = Math.floor(us / this.bin) - this.firstBin;
    const [median, high] = this.quantiles.map((line) => line[bin] ?? NaN);
    if (median === undefined || high === undefined || Number.isNaN(median))
      return "too few ok operations for quantiles";
    return `ok: median ${lengthText(median)} · 99 % within ${lengthText(high)} (per ${lengthText(this.bin)})`;
  }
}
