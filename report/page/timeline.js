/** @import { FaultSpan, MarkedFinding } from "../page-model.ts" */
/** @import { Layout, Row } from "./lanes.js" */
/** @import { RunData } from "./model.js" */
/** @import { Palette } from "./palette.js" */
/** @import { View } from "./view.js" */
import { firstVisible, layOut } from "./lanes.js";
import { Plot, SMALL_FONT, FONT, faultEnds } from "./plot.js";

const OK = 0;
const FAIL = 1;

/** Operations narrower than this are drawn by pixel column, not one by one. */
const NARROW = 2.5;

/**
 * @typedef {object} Emphasis
 * @property {number | undefined} pinned position of an operation
 * @property {number | undefined} hovered
 * @property {MarkedFinding | undefined} finding
 * @property {Uint8Array | undefined} matches
 */

/**
 * @typedef {{ kind: "operation", operation: number } | { kind: "fault", fault: FaultSpan } | { kind: "hold", hold:
 * number }} Hit
 */

/** Lanes of operations with the faults above and behind them. */
export class Timeline extends Plot {
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
    /** One bit per outcome and pixel column; bit 3 for operations that the filter leaves out. */
    this.columns = new Uint8Array(0);
  }

  /**
   * @param {Palette} palette
   * @param {Emphasis} emphasis
   */
  draw(palette, emphasis) {
    this.begin(palette);
    this.lanes(palette);
    this.clip();
    this.timeGrid(palette, this.layout.faultsTop, undefined);
    this.faultBands(this.run.model.faults, palette, this.layout.faultsTop);
    this.struckLanes(palette);
    this.holdBands(palette);
    for (const row of this.layout.rows) this.operations(row, palette, emphasis.matches);
    this.emphasize(palette, emphasis);
    this.phases(palette);
    this.faultTitles(palette);
    this.context.restore();
    this.timeLabels(palette);
  }

  /** @param {Palette} palette */
  lanes(palette) {
    const { context, layout } = this;
    layout.lanes.forEach(({ top, height }, position) => {
      const lane = this.run.model.lanes[position];
      if (lane === undefined) return;
      if (position % 2 === 0) {
        context.fillStyle = palette.lane;
        context.fillRect(0, top, this.width, height);
      }
      if (height < 11) return;
      context.save();
      context.beginPath();
      context.rect(0, top, this.left - 8, height);
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
      const roleFits = 16 + nameWidth + context.measureText(lane.role).width < this.left - 8;
      if (roleFits && lane.role !== lane.name)
        context.fillText(lane.role, 16 + nameWidth, top + height / 2 - (two ? 6 : 0));
      context.restore();
    });
    context.font = FONT;
  }

  /**
   * A fault of workers strikes their lanes: these are hatched, the others only shaded.
   * @param {Palette} palette
   */
  struckLanes(palette) {
    const pattern = hatch(this.context, palette["fault-lane"]);
    for (const { fault } of this.layout.faults) {
      const [from, to] = faultEnds(fault, this.view.last);
      if (to < this.view.from || from > this.view.to) continue;
      this.layout.lanes.forEach(({ top, height }, position) => {
        if (!fault.target.includes(this.run.model.lanes[position]?.name ?? "")) return;
        this.context.fillStyle = pattern;
        this.context.fillRect(this.x(from), top + 1, Math.max(2, this.x(to) - this.x(from)), height - 2);
      });
    }
  }

  /** @param {Palette} palette */
  holdBands(palette) {
    const { context, layout, view } = this;
    const { holds, model } = this.run;
    const expired = hatch(context, palette.expired);
    layout.holds.forEach((list, lane) => {
      const { top, height } = layout.lanes[lane] ?? { top: 0, height: 0 };
      // Short holds by whole pixels, neighbours together: there may be tens of thousands.
      let runFrom = -1;
      let runTo = -1;
      const endRun = () => {
        context.fillStyle = palette.hold;
        if (runFrom >= 0) context.fillRect(runFrom, top + 1, runTo - runFrom, height - 2);
        runFrom = -1;
      };
      for (const hold of list) {
        const start = holds.start[hold] ?? 0;
        const end = holds.end[hold] ?? start;
        if (end < view.from || start > view.to) continue;
        const left = this.x(start);
        const right = Math.max(left + 1, this.x(end));
        if (right - left < 8) {
          if (runFrom >= 0 && left > runTo + 0.5) endRun();
          if (runFrom < 0) runFrom = Math.floor(left);
          runTo = Math.max(runFrom + 1, Math.ceil(right));
          continue;
        }
        const validUntil = holds.validUntil[hold] ?? NaN;
        const valid = Number.isNaN(validUntil) ? right : Math.min(right, Math.max(left, this.x(validUntil)));
        context.fillStyle = palette.hold;
        context.fillRect(left, top + 1, valid - left, height - 2);
        context.fillStyle = palette["hold-line"];
        context.fillRect(left, top + 1, right - left, 2);
        context.fillRect(left, top + height - 3, right - left, 2);
        if (right - valid > 0.5) {
          context.fillStyle = expired;
          context.fillRect(valid, top + 1, right - valid, height - 2);
          context.fillStyle = palette.expired;
          context.fillRect(valid, top + 1, right - valid, 2);
          context.fillRect(valid, top + height - 3, right - valid, 2);
        }
        if (right - left > 90 && layout.rowHeight >= 14) {
          context.font = SMALL_FONT;
          context.fillStyle = palette["hold-line"];
          const x = Math.max(left, this.left) + 6;
          this.textIn(`holds ${model.keys[holds.key[hold] ?? 0] ?? ""}`, x, top + height / 2, right - x - 4);
          context.font = FONT;
        }
      }
      endRun();
    });
  }

  /**
   * @param {Row} row
   * @param {Palette} palette
   * @param {Uint8Array | undefined} matches
   */
  operations({ operations: row, top }, palette, matches) {
    const { operations } = this.run;
    const { context, view } = this;
    const high = this.layout.rowHeight - (this.layout.rowHeight >= 14 ? 4 : 1);
    const y = top + (this.layout.rowHeight - high) / 2;
    if (this.columns.length < this.width + 2) this.columns = new Uint8Array(Math.ceil(this.width) + 2);
    const columns = this.columns.fill(0);
    /** @type {number[]} */
    const wide = [];
    const scale = (this.right - this.left) / view.span;
    const base = this.left - view.from * scale;
    const edge = Math.ceil(this.right);
    for (let i = firstVisible(row, operations.start, view.from); i < row.length; i += 1) {
      const operation = row[i] ?? 0;
      const start = operations.start[operation] ?? 0;
      if (start > view.to) break;
      const left = base + start * scale;
      const right = base + (operations.end[operation] ?? 0) * scale;
      if (right - left >= NARROW) {
        wide.push(i);
        continue;
      }
      const next = base + (operations.start[row[i + 1] ?? -1] ?? Infinity) * scale;
      if (operations.outcome[operation] === 2 && next - right > 8) {
        wide.push(i);
        continue;
      }
      if (right < this.left) continue;
      const bit = matches !== undefined && matches[operation] === 0 ? 8 : 1 << (operations.outcome[operation] ?? 0);
      const last = Math.min(edge, Math.max(left + 1, right));
      for (let column = Math.max(0, Math.floor(left)); column < last; column += 1)
        columns[column] = (columns[column] ?? 0) | bit;
    }
    this.columnRuns(columns, y, high, palette);
    const pattern = wide.length === 0 ? undefined : hatch(context, palette["info-ink"]);
    for (const i of wide) this.wideOperation(row, i, y, high, palette, matches, pattern);
  }

  /**
   * Neighbouring columns of the same content become one rectangle. What is rare lies on top, and differs in height as
   * well.
   * @param {Uint8Array} columns
   * @param {number} y
   * @param {number} high
   * @param {Palette} palette
   */
  columnRuns(columns, y, high, palette) {
    const { context } = this;
    for (let from = 0; from < columns.length;) {
      const bits = columns[from] ?? 0;
      let to = from + 1;
      while (to < columns.length && columns[to] === bits) to += 1;
      if (bits !== 0) {
        if ((bits & 8) !== 0) {
          context.fillStyle = palette.dim;
          context.fillRect(from, y, to - from, high);
        }
        if ((bits & 1) !== 0) {
          context.fillStyle = palette.ok;
          context.fillRect(from, y, to - from, high);
        }
        if ((bits & 2) !== 0) {
          context.fillStyle = palette.fail;
          context.fillRect(from, y + high / 2, to - from, high / 2);
        }
        if ((bits & 4) !== 0) {
          context.fillStyle = palette.info;
          context.fillRect(from, y - 2, to - from, high + 4);
        }
      }
      from = to;
    }
  }

  /**
   * @param {Int32Array} row
   * @param {number} i
   * @param {number} y
   * @param {number} high
   * @param {Palette} palette
   * @param {Uint8Array | undefined} matches
   * @param {CanvasPattern | string | undefined} pattern
   */
  wideOperation(row, i, y, high, palette, matches, pattern) {
    const { operations, model } = this.run;
    const { context } = this;
    const operation = row[i] ?? 0;
    const outcome = operations.outcome[operation] ?? 0;
    const left = Math.max(-10, this.x(operations.start[operation] ?? 0));
    const completed = operations.completed[operation] === 1;
    const next = row[i + 1];
    const open = next === undefined ? this.x(this.view.last) : this.x(operations.start[next] ?? 0);
    const end = completed ? this.x(operations.end[operation] ?? 0) : Math.min(open, left + 40);
    const right = Math.min(this.width + 10, Math.max(left + 2, end));
    const width = right - left;
    const dim = matches !== undefined && matches[operation] === 0;
    if (dim) {
      context.fillStyle = palette.dim;
      context.fillRect(left, y, width, high);
      return;
    }
    context.fillStyle = outcome === OK ? palette.ok : outcome === FAIL ? palette.fail : palette.info;
    if (outcome === FAIL) {
      context.fillRect(left, y, width, high);
      context.strokeStyle = palette["fail-ink"];
      context.lineWidth = 1;
      context.strokeRect(left + 0.5, y + 0.5, width - 1, high - 1);
      if (width > 5) {
        context.beginPath();
        context.moveTo(left, y + high);
        context.lineTo(Math.min(right, left + high), y);
        context.stroke();
      }
    } else if (outcome === OK) {
      // A hair of a gap keeps neighbours apart.
      context.fillRect(left, y, width > 5 ? width - 1 : width, high);
    } else {
      context.fillRect(left, y, width, high);
      if (pattern !== undefined) {
        context.fillStyle = pattern;
        context.fillRect(left, y, width, high);
      }
      const tail = Math.min(this.width + 10, open - 2);
      if (tail > right + 3) {
        // Nobody knows when it happens, if ever: the end is left open.
        context.fillStyle = palette.info;
        context.beginPath();
        context.moveTo(right, y);
        context.lineTo(Math.min(tail, right + high / 2), y + high / 2);
        context.lineTo(right, y + high);
        context.fill();
        context.strokeStyle = palette.info;
        context.lineWidth = 2;
        context.setLineDash([3, 4]);
        context.beginPath();
        context.moveTo(right + high / 2, y + high / 2);
        context.lineTo(tail, y + high / 2);
        context.stroke();
        context.setLineDash([]);
      }
    }
    if (width > 34 && this.layout.rowHeight >= 14) {
      context.fillStyle =
        outcome === OK ? palette["ok-ink"] : outcome === FAIL ? palette["fail-ink"] : palette["info-ink"];
      const x = Math.max(left, this.left) + (outcome === FAIL ? high + 2 : 5);
      const key = model.keys[operations.key[operation] ?? 0] ?? "";
      const text = `${model.functions[operations.name[operation] ?? 0] ?? ""} ${key}`;
      if (pattern !== undefined && outcome === 2) {
        const ink = context.fillStyle;
        context.fillStyle = palette.info;
        context.fillRect(x - 2, y, Math.min(right - x, text.length * 6.4 + 4), high);
        context.fillStyle = ink;
      }
      this.textIn(text, x, y + high / 2 + 0.5, right - x - 3);
    }
  }

  /**
   * @param {Palette} palette
   * @param {Emphasis} emphasis
   */
  emphasize(palette, { pinned, hovered, finding }) {
    finding?.marks.forEach(({ operation }) => this.outline(operation, palette.expired, 2));
    if (hovered !== undefined) this.outline(hovered, palette.muted, 1.5);
    if (pinned !== undefined) this.outline(pinned, palette.accent, 2.5);
    if (finding !== undefined) this.marks(palette, finding);
  }

  /**
   * The numbers of the story beside its operations; one that would cover another moves to the right.
   * @param {Palette} palette
   * @param {MarkedFinding} finding
   */
  marks(palette, { marks }) {
    const { context } = this;
    /** @type {Map<number, number>} right end of the last number, by height */
    const taken = new Map();
    context.font = `700 ${SMALL_FONT}`;
    context.textAlign = "center";
    for (const { operation, label } of marks) {
      const box = this.box(operation);
      if (box === undefined || box.left > this.right || box.right < this.left) continue;
      const half = context.measureText(label).width / 2 + 5;
      const place = Math.max(box.left, this.left + half, (taken.get(box.top) ?? -Infinity) + half + 2);
      const x = Math.min(place, this.right - half);
      taken.set(box.top, x + half);
      context.fillStyle = palette.expired;
      context.beginPath();
      context.roundRect(x - half, box.top - 10, 2 * half, 15, 7.5);
      context.fill();
      context.fillStyle = palette.paper;
      context.fillText(label, x, box.top - 2);
    }
    context.textAlign = "left";
    context.font = FONT;
  }

  /**
   * @param {number} operation
   * @param {string} colour
   * @param {number} thick
   */
  outline(operation, colour, thick) {
    const box = this.box(operation);
    if (box === undefined) return;
    this.context.strokeStyle = colour;
    this.context.lineWidth = thick;
    this.context.strokeRect(box.left - 1.5, box.top - 1.5, box.right - box.left + 3, box.height + 3);
  }

  /**
   * Where an operation is drawn.
   * @param {number} operation
   */
  box(operation) {
    const { operations } = this.run;
    const { rowHeight } = this.layout;
    const lane = operations.lane[operation];
    const first = this.layout.rows.findIndex((row) => row.lane === lane);
    const row = this.layout.rows[first + (operations.row[operation] ?? 0)];
    if (row === undefined) return undefined;
    const high = rowHeight - (rowHeight >= 14 ? 4 : 1);
    const left = this.x(operations.start[operation] ?? 0);
    const right = Math.max(left + 2, this.x(operations.end[operation] ?? 0));
    return { left, right, top: row.top + (rowHeight - high) / 2, height: high };
  }

  /** @param {Palette} palette */
  phases(palette) {
    const { context, layout } = this;
    const { phases } = this.run.model;
    context.font = SMALL_FONT;
    phases.forEach(({ phase, atUs }, position) => {
      const left = this.x(atUs);
      const right = this.x(phases[position + 1]?.atUs ?? this.view.last);
      if (right < this.left || left > this.right) return;
      context.fillStyle = position % 2 === 0 ? palette.rule : palette.faint;
      context.fillRect(left, layout.phasesTop, right - left, 14);
      context.fillStyle = palette.muted;
      const x = Math.max(left, this.left) + 5;
      this.textIn(phase, x, layout.phasesTop + 7.5, right - x - 3);
    });
    context.font = FONT;
  }

  /** @param {Palette} palette */
  faultTitles(palette) {
    const { context, layout } = this;
    for (const { fault, top } of layout.faults) {
      const [from, to] = faultEnds(fault, this.view.last);
      const left = this.x(from);
      const right = Math.max(left + 3, this.x(to));
      if (right < this.left || left > this.right) continue;
      const begun = this.x(fault.injectUs);
      context.fillStyle = palette["fault-lane"];
      context.fillRect(begun, top + layout.faultHeight / 2 - 1, left - begun, 2);
      context.fillStyle = palette["fault-line"];
      context.fillRect(left, top, right - left, layout.faultHeight);
      context.font = `600 ${SMALL_FONT}`;
      const room = context.measureText(fault.title).width + 10;
      const x = Math.max(left, this.left) + 5;
      // A short fault has its title beside it.
      if (right - x > room - 5) {
        context.fillStyle = palette.paper;
        context.fillText(fault.title, x, top + layout.faultHeight / 2 + 0.5);
      } else if (this.clearAfter(fault, right + room)) {
        context.fillStyle = palette["fault-line"];
        context.fillText(fault.title, Math.max(right, this.left) + 4, top + layout.faultHeight / 2 + 0.5);
      }
    }
    context.font = FONT;
  }

  /**
   * Whether no other fault of the same row begins before `x`.
   * @param {FaultSpan} fault
   * @param {number} x
   */
  clearAfter(fault, x) {
    const own = this.layout.faults.find((placed) => placed.fault === fault);
    return !this.layout.faults.some(
      (placed) =>
        placed !== own &&
        placed.top === own?.top &&
        placed.fault.injectUs > fault.injectUs &&
        this.x(placed.fault.injectUs) < x,
    );
  }

  /** @param {Palette} palette */
  timeLabels(palette) {
    const { height } = this;
    // Only the labels: the lines are drawn below everything else.
    this.height = 0;
    this.timeGrid(palette, 0, 10);
    this.height = height;
    this.context.fillStyle = palette.muted;
    this.context.font = SMALL_FONT;
    if (this.layout.faults.length > 0) this.context.fillText("faults", 10, this.layout.faultsTop + 8);
    if (this.run.model.phases.length > 0) this.context.fillText("phases", 10, this.layout.phasesTop + 8);
    this.context.font = FONT;
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

  /**
   * What lies at a place of the canvas.
   * @param {number} x
   * @param {number} y
   * @returns {Hit | undefined}
   */
  hit(x, y) {
    if (x < this.left || x > this.right) return undefined;
    const { operations, holds } = this.run;
    const { layout } = this;
    const struck = layout.faults.find(({ fault, top }) => {
      const [from, to] = faultEnds(fault, this.view.last);
      return (
        y >= top &&
        y < top + layout.faultHeight &&
        x >= this.x(from) - 3 &&
        x <= Math.max(this.x(from) + 3, this.x(to)) + 3
      );
    });
    if (struck !== undefined) return { kind: "fault", fault: struck.fault };
    const row = layout.rows.find((candidate) => y >= candidate.top && y < candidate.top + layout.rowHeight);
    const moment = this.time(x);
    if (row !== undefined) {
      const near = 3 * this.perPixel;
      let found = -1;
      let best = near;
      const from = firstVisible(row.operations, operations.start, moment - near);
      for (let i = from; i < row.operations.length; i += 1) {
        const operation = row.operations[i] ?? 0;
        const start = operations.start[operation] ?? 0;
        if (start > moment + near) break;
        const distance = Math.max(0, start - moment, moment - (operations.end[operation] ?? 0));
        if (distance < best || (distance === best && found === -1)) {
          best = distance;
          found = operation;
        }
      }
      if (found !== -1) return { kind: "operation", operation: found };
    }
    const lane = layout.lanes.findIndex(({ top, height }) => y >= top && y < top + height);
    const hold = layout.holds[lane]?.find((i) => (holds.start[i] ?? 0) <= moment && moment <= (holds.end[i] ?? 0));
    return hold === undefined ? undefined : { kind: "hold", hold };
  }
}

/** @type {Map<string, HTMLCanvasElement>} */
const tiles = new Map();

/**
 * Diagonal lines, so that a state is seen without its colour.
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @returns {CanvasPattern | string}
 */
function hatch(context, colour) {
  let tile = tiles.get(colour);
  if (tile === undefined) {
    tile = hatchTile(colour);
    tiles.set(colour, tile);
  }
  return context.createPattern(tile, "repeat") ?? colour;
}

/** @param {string} colour */
function hatchTile(colour) {
  const tile = document.createElement("canvas");
  tile.width = 6;
  tile.height = 6;
  const draw = tile.getContext("2d");
  if (draw === null) return tile;
  draw.strokeStyle = colour;
  draw.lineWidth = 1.2;
  draw.beginPath();
  for (const offset of [-6, 0, 6]) {
    draw.moveTo(offset - 1, 7);
    draw.lineTo(offset + 7, -1);
  }
  draw.stroke();
  return tile;
}

/** @param {readonly number[]} processes */
function processesText(processes) {
  const [first] = processes;
  if (first === undefined) return "did nothing";
  if (processes.length === 1) return `process ${first}`;
  return processes.length <= 3 ? `processes ${processes.join(", ")}` : `${processes.length} processes`;
}
