/** Shortest stretch of time that can be zoomed to, in microseconds. */
const SHORTEST = 20;

/** The part of the run that is in view: one for the timeline and all charts. */
export class View {
  /**
   * @param {number} first
   * @param {number} last
   */
  constructor(first, last) {
    const room = Math.max(SHORTEST, (last - first) * 0.01);
    /** Bounds of the whole run, with a little room at the end. */
    this.first = first;
    this.last = last + room;
    this.from = this.first;
    this.to = this.last;
    /** @type {(() => void)[]} */
    this.listeners = [];
  }

  get span() {
    return this.to - this.from;
  }

  get whole() {
    return this.from <= this.first && this.to >= this.last;
  }

  /**
   * Shows a stretch of time, as far as the run and the shortest stretch allow.
   * @param {number} from
   * @param {number} to
   */
  show(from, to) {
    const span = Math.min(this.last - this.first, Math.max(SHORTEST, to - from));
    const middle = (from + to) / 2;
    const start = Math.min(Math.max(middle - span / 2, this.first), this.last - span);
    if (start === this.from && start + span === this.to) return;
    this.from = start;
    this.to = start + span;
    for (const listener of this.listeners) listener();
  }

  showAll() {
    this.show(this.first, this.last);
  }

  /**
   * Zooms by a factor (above 1: out) around a moment that keeps its place.
   * @param {number} moment
   * @param {number} factor
   */
  zoom(moment, factor) {
    const span = Math.min(this.last - this.first, Math.max(SHORTEST, this.span * factor));
    const share = (moment - this.from) / this.span;
    this.show(moment - share * span, moment + (1 - share) * span);
  }

  /** @param {number} us */
  move(us) {
    this.show(this.from + us, this.to + us);
  }
}
