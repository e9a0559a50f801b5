/** @import { RunData } from "./model.js" */
/** @import { Palette } from "./palette.js" */
/** @import { View } from "./view.js" */
import { OUTCOMES } from "./model.js";
import { Plot, SMALL_FONT, FONT, roundStep } from "./plot.js";
import { firstNotBelow } from "./search.js";
import { lengthText, numberText } from "./text.js";

const TOP = 12;
const BOTTOM = 18;
const DASHES = [[], [6, 3], [2, 3]];

/** Completions per second, one line for each outcome. */
export class Throughput extends Plot {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {View} view
   * @param {RunData} run
   */
  constructor(canvas, view, run) {
    super(canvas, view);
    this.run = run;
    this.bin = 1;
    this.firstBin = 0;
    /** @type {Float64Array[]} operations per second, by outcome and bin */
    this.rates = [];
    /** Longest operation: nothing that ended in view began earlier than this before it. */
    this.longest = run.operations.end.reduce((most, end, i) => Math.max(most, end - (run.operations.start[i] ?? 0)), 0);
  }

  /**
   * @param {Palette} palette
   * @param {Uint8Array | undefined} matches
   */
  draw(palette, matches) {
    this.begin(palette);
    this.count(matches);
    const floor = this.height - BOTTOM;
    const most = this.rates.reduce((sum, rates) => rates.reduce((a, b) => Math.max(a, b), sum), 0);
    const step = roundStep(Math.max(most, 1) / 3.2);
    const top = Math.max(step, Math.ceil(Math.max(most, 1) / step) * step);
    const { context } = this;
    /** @param {number} rate */
    const y = (rate) => floor - (rate / top) * (floor - TOP);

    this.clip();
    this.timeLines(palette, TOP);
    this.timeLabels(palette, this.height - 7);
    this.faultBands(this.run.model.faults, palette, TOP);
    context.restore();
    context.font = SMALL_FONT;
    context.textAlign = "right";
    for (let rate = 0; rate <= top + step / 2; rate += step) {
      context.fillStyle = palette.rule;
      context.fillRect(this.left, Math.round(y(rate)), this.right - this.left, 1);
      context.fillStyle = palette.muted;
      context.fillText(`${numberText(rate)}/s`, this.left - 8, y(rate));
    }
    context.textAlign = "left";
    context.font = FONT;

    this.clip();
    const colours = [palette.ok, palette["fail-ink"], palette.info];
    this.rates.forEach((rates, outcome) => {
      if (rates.every((rate) => rate === 0)) return;
      context.beginPath();
      rates.forEach((rate, bin) => {
        const left = this.x((this.firstBin + bin) * this.bin);
        const right = this.x((this.firstBin + bin + 1) * this.bin);
        // A line along zero says nothing, and would hide what lies there; the area of `ok` needs its edge.
        const nothing = outcome !== 0 && rate === 0 && (rates[bin - 1] ?? 0) === 0;
        if (bin === 0 || nothing) context.moveTo(left, y(rate));
        else context.lineTo(left, y(rate));
        if (outcome === 0 || rate > 0) context.lineTo(right, y(rate));
        else context.moveTo(right, y(rate));
      });
      context.strokeStyle = colours[outcome] ?? palette.ink;
      context.lineWidth = 1.6;
      context.setLineDash(DASHES[outcome] ?? []);
      context.stroke();
      context.setLineDash([]);
      if (outcome !== 0) return;
      context.lineTo(this.right + 20, floor);
      context.lineTo(this.left - 20, floor);
      context.globalAlpha = 0.22;
      context.fillStyle = palette.ok;
      context.fill();
      context.globalAlpha = 1;
    });
    context.restore();
  }

  /** @param {Uint8Array | undefined} matches */
  count(matches) {
    const { operations } = this.run;
    // Bins lie on multiples of their width: they stay where they are while the view moves.
    this.bin = Math.max(roundStep(this.perPixel * 5), 10);
    this.firstBin = Math.floor(this.view.from / this.bin);
    const bins = Math.ceil(this.view.to / this.bin) - this.firstBin + 1;
    this.rates = OUTCOMES.map(() => new Float64Array(bins));
    const second = 1_000_000 / this.bin;
    const first = firstNotBelow(
      operations.count,
      (i) => operations.start[i] ?? 0,
      this.firstBin * this.bin - this.longest,
    );
    for (let i = first; i < operations.count && (operations.start[i] ?? 0) <= this.view.to + this.bin; i += 1) {
      if (operations.completed[i] === 0 || (matches !== undefined && matches[i] === 0)) continue;
      const bin = Math.floor((operations.end[i] ?? 0) / this.bin) - this.firstBin;
      const rates = this.rates[operations.outcome[i] ?? 0];
      if (rates !== undefined && bin >= 0 && bin < bins) rates[bin] = (rates[bin] ?? 0) + second;
    }
  }

  /**
   * What the chart says at a moment.
   * @param {number} us
   */
  at(us) {
    const bin = Math.floor(us / this.bin) - this.firstBin;
    return `${OUTCOMES.map((outcome, i) => `${outcome} ${numberText(this.rates[i]?.[bin] ?? 0)}/s`).join(" · ")} (per ${lengthText(this.bin)})`;
  }
}
