/** The page of one run: what is chosen on it, kept in its address, and drawn when it changes. */
/** @import { MarkedFinding } from "../page-model.ts" */
/** @import { Hit } from "./timeline/hit.js" */
/** @import { Palette } from "./palette.js" */
/** @import { RunData } from "./model.js" */
/** @import { Plot } from "./plot.js" */
/** @import { Place } from "./address.js" */
import { readPlace, writePlace } from "./address.js";
import { copyButtons } from "./copy.js";
import { hitContent, pinnedContent } from "./detail.js";
import { byId, create } from "./elements.js";
import { matching } from "./filter.js";
import { interact, interactKeys, interactOverview } from "./interaction.js";
import { Latency } from "./latency.js";
import { readRun, readValues } from "./model.js";
import { listOperations } from "./operations-list.js";
import { Overview } from "./overview.js";
import { readPalette } from "./palette.js";
import { Pointer } from "./pointer.js";
import { nextOperation, operationInNextLane } from "./steps.js";
import { numberText, momentText } from "./text.js";
import { applyTheme, isDark, onThemeChange } from "./theme.js";
import { Throughput } from "./throughput.js";
import { Timeline } from "./timeline/timeline.js";
import { View } from "./view.js";

class ReportPage {
  /** @param {RunData} run */
  constructor(run) {
    this.run = run;
    /** @type {string[]} */
    this.values = [];
    this.view = new View(run.model.fromUs, run.model.toUs);
    this.timeline = new Timeline(byId("timeline", HTMLCanvasElement), this.view, run);
    this.overview = new Overview(byId("overview", HTMLCanvasElement), this.view, run);
    this.throughput = new Throughput(byId("throughput", HTMLCanvasElement), this.view, run);
    this.latency = new Latency(byId("latency", HTMLCanvasElement), this.view, run);
    this.stack = byId("stack", HTMLElement);
    this.pointer = new Pointer();
    this.detail = byId("detail", HTMLElement);
    this.filterBox = byId("filter", HTMLInputElement);
    this.operationsList = byId("operations", HTMLDetailsElement);
    this.chosen = create("div", "chosen");
    this.chosen.hidden = true;
    this.stack.append(this.chosen);
    /** @type {Palette} */
    this.palette = readPalette();
    /** @type {number | undefined} position of the pinned operation */
    this.pinned = undefined;
    /** @type {number | undefined} */
    this.hovered = undefined;
    /** @type {MarkedFinding | undefined} */
    this.finding = undefined;
    /** @type {Uint8Array | undefined} */
    this.matches = undefined;
    /** @type {"light" | "dark" | undefined} */
    this.theme = undefined;
    this.drawPending = false;
    this.byInvoke = new Map(Array.from(run.operations.invoke, (index, position) => [index, position]));
  }

  start() {
    this.view.listeners.push(() => this.changed());
    this.listenToCharts();
    this.listenToControls();
    this.listenToBrowser();
    const place = readPlace(location.hash);
    this.goTo(location.hash, place?.operation !== undefined || place?.finding !== undefined);
    this.recolour();
    this.draw();
  }

  listenToCharts() {
    const { view } = this;
    for (const plot of [this.timeline, this.throughput, this.latency]) {
      interact(plot, view, {
        hover: (x, y) => this.hover(plot, x, y),
        leave: () => this.leave(),
        click: (x, y) => this.click(plot, x, y),
        choose: (left, right) => this.choose(left, right),
      });
    }
    interactOverview(this.overview, view);
    interactKeys(this.timeline.canvas, {
      ArrowLeft: () => view.move(-view.span / 8),
      ArrowRight: () => view.move(view.span / 8),
      "+": () => this.zoomMiddle(0.6),
      "=": () => this.zoomMiddle(0.6),
      "-": () => this.zoomMiddle(1 / 0.6),
      0: () => view.showAll(),
      Home: () => view.showAll(),
      Escape: () => this.pin(undefined),
      n: () => this.step(1),
      p: () => this.step(-1),
      ArrowUp: () => this.changeLane(-1),
      ArrowDown: () => this.changeLane(1),
    });
  }

  listenToControls() {
    this.filterBox.addEventListener("input", () => {
      this.applyFilter();
      this.changed();
    });
    this.operationsList.addEventListener("toggle", () => this.redraw());
    for (const button of document.querySelectorAll("button[data-zoom]")) {
      button.addEventListener("click", () => {
        const how = button.getAttribute("data-zoom");
        if (how === "all") this.view.showAll();
        else this.zoomMiddle(how === "in" ? 0.5 : 2);
      });
    }
    byId("theme", HTMLButtonElement).addEventListener("click", () => {
      this.theme = isDark() ? "light" : "dark";
      this.recolour();
      this.changed();
    });
  }

  listenToBrowser() {
    onThemeChange(() => this.recolour());
    new ResizeObserver(() => this.redraw()).observe(this.stack);
    addEventListener("hashchange", () => this.goTo(location.hash, true));
    // A link to the place where one is changes nothing in the address, but must still lead there.
    document.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
      if (link !== null && link.getAttribute("href") === location.hash) this.goTo(location.hash, true);
    });
    addEventListener("beforeprint", () => {
      applyTheme("light");
      this.palette = readPalette();
      this.draw();
    });
    addEventListener("afterprint", () => this.recolour());
  }

  /** @param {string[]} values */
  useValues(values) {
    this.values = values;
    this.applyFilter();
    this.showPinned();
    this.redraw();
  }

  recolour() {
    applyTheme(this.theme);
    this.palette = readPalette();
    this.redraw();
  }

  /** Something that the address bar keeps has changed. */
  changed() {
    const hash = writePlace(this.place());
    if (hash !== location.hash)
      history.replaceState(null, "", hash === "" ? location.pathname + location.search : hash);
    this.redraw();
  }

  /** @returns {Place} */
  place() {
    return {
      time: this.view.whole ? undefined : [this.view.from, this.view.to],
      operation: this.pinned === undefined ? undefined : this.run.operations.invoke[this.pinned],
      finding: this.finding?.name,
      filter: this.filterBox.value,
      theme: this.theme,
    };
  }

  /**
   * Shows the place that a fragment names; what it does not name stays as it is.
   * @param {string} hash
   * @param {boolean} scroll
   */
  goTo(hash, scroll) {
    const place = readPlace(hash);
    if (place === undefined) return;
    if (place.theme !== undefined) {
      this.theme = place.theme;
      this.recolour();
    }
    if (place.filter !== undefined) {
      this.filterBox.value = place.filter;
      this.applyFilter();
    }
    if (place.finding !== undefined) {
      this.finding = this.run.model.findings.find((finding) => finding.name === place.finding);
      this.pinned = undefined;
    }
    if (place.operation !== undefined) this.pinned = this.byInvoke.get(place.operation);
    if (place.time !== undefined) this.view.show(place.time[0], place.time[1]);
    else if (this.pinned !== undefined) this.bringIntoView(this.pinned);
    else if (place.finding !== undefined && this.finding !== undefined)
      this.view.show(this.finding.fromUs, this.finding.toUs);
    this.showPinned();
    this.changed();
    if (!scroll) return;
    document.getElementById("timeline-section")?.scrollIntoView({ block: "start" });
    this.timeline.canvas.focus({ preventScroll: true });
  }

  applyFilter() {
    this.matches = matching(this.filterBox.value, this.run, this.values);
    const output = byId("matches", HTMLOutputElement);
    const total = numberText(this.run.operations.count);
    output.textContent =
      this.matches === undefined
        ? `${total} operations`
        : `${numberText(this.matches.reduce((sum, match) => sum + match, 0))} of ${total} operations`;
  }

  redraw() {
    if (this.drawPending) return;
    this.drawPending = true;
    requestAnimationFrame(() => {
      this.drawPending = false;
      this.draw();
    });
  }

  draw() {
    const { palette, matches } = this;
    this.drawTimeline();
    this.overview.draw(palette);
    this.throughput.draw(palette, matches);
    this.latency.draw(palette, matches);
    listOperations(this.operationsList, this.run, this.view, matches, this.values);
  }

  drawTimeline() {
    const { palette, pinned, hovered, finding, matches } = this;
    this.timeline.draw(palette, { pinned, hovered, finding, matches });
  }

  /**
   * @param {Plot} plot
   * @param {number} x
   * @param {number} y
   */
  hover(plot, x, y) {
    const hit = plot === this.timeline ? this.timeline.hit(x, y) : undefined;
    const operation = hit?.kind === "operation" ? hit.operation : undefined;
    if (operation !== this.hovered) {
      this.hovered = operation;
      this.drawTimeline();
    }
    this.timeline.canvas.style.cursor = hit === undefined ? "" : "pointer";
    this.pointer.show(plot, x, y, plot.spans(x) ? this.tooltipContent(plot, hit, plot.time(x)) : []);
  }

  /**
   * @param {Plot} plot
   * @param {Hit | undefined} hit
   * @param {number} moment
   * @returns {Node[]}
   */
  tooltipContent(plot, hit, moment) {
    if (hit !== undefined) return hitContent(this.run, hit, this.values);
    const title = create("b", "", momentText(moment));
    if (plot === this.throughput) return [title, create("p", "", this.throughput.at(moment))];
    if (plot === this.latency) return [title, create("p", "", this.latency.at(moment))];
    return [title];
  }

  leave() {
    this.pointer.hide();
    if (this.hovered === undefined) return;
    this.hovered = undefined;
    this.redraw();
  }

  /**
   * @param {Plot} plot
   * @param {number} x
   * @param {number} y
   */
  click(plot, x, y) {
    const hit = plot === this.timeline ? this.timeline.hit(x, y) : undefined;
    this.pin(hit?.kind === "operation" ? hit.operation : undefined);
  }

  /** @param {number | undefined} operation */
  pin(operation) {
    this.pinned = operation;
    this.showPinned();
    this.changed();
  }

  showPinned() {
    const { detail, pinned, run } = this;
    detail.hidden = pinned === undefined;
    if (pinned === undefined) return;
    detail.replaceChildren(...pinnedContent(run, pinned, this.values, () => this.pin(undefined)));
  }

  /**
   * @param {number | undefined} left
   * @param {number} right
   */
  choose(left, right) {
    this.chosen.hidden = left === undefined;
    if (left === undefined) return;
    this.chosen.style.left = `${Math.min(left, right)}px`;
    this.chosen.style.width = `${Math.abs(right - left)}px`;
  }

  /** @param {number} factor */
  zoomMiddle(factor) {
    const { operations } = this.run;
    const pinnedAt = this.pinned === undefined ? undefined : operations.start[this.pinned];
    const inView = pinnedAt !== undefined && pinnedAt >= this.view.from && pinnedAt <= this.view.to;
    this.view.zoom(inView ? pinnedAt : (this.view.from + this.view.to) / 2, factor);
  }

  /** @param {number} operation */
  bringIntoView(operation) {
    const start = this.run.operations.start[operation] ?? 0;
    const end = this.run.operations.end[operation] ?? 0;
    if (start >= this.view.from && end <= this.view.to && !this.view.whole) return;
    const room = Math.max((end - start) * 4, 5000);
    this.view.show(start - room, end + room);
  }

  /**
   * Pins the next operation of the same lane that the filter matches; the first in view when none is pinned.
   * @param {1 | -1} direction
   */
  step(direction) {
    this.stepTo(nextOperation(this.run, this.pinned, direction, this.matches, this.view.from));
  }

  /**
   * Pins the operation of the neighbouring lane that starts nearest to the pinned one.
   * @param {1 | -1} direction
   */
  changeLane(direction) {
    if (this.pinned === undefined) this.step(1);
    else this.stepTo(operationInNextLane(this.run, this.pinned, direction, this.matches));
  }

  /** @param {number | undefined} operation undefined when there is none that way */
  stepTo(operation) {
    if (operation === undefined) return;
    this.bringIntoView(operation);
    this.pin(operation);
  }
}

async function main() {
  copyButtons();
  const page = new ReportPage(await readRun());
  page.start();
  page.useValues(await readValues());
  document.documentElement.dataset["ready"] = "true";
}

main().catch((error) => {
  const message = error instanceof Error ? error.message : String(error);
  byId("stack", HTMLElement).prepend(
    create(
      "p",
      "notice warning",
      `The timeline cannot be drawn: ${message}. The other parts of this page do not depend on it.`,
    ),
  );
  throw error;
});
