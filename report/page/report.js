/** @import { MarkedFinding } from "../page-model.ts" */
/** @import { Hit } from "./timeline/hit.js" */
/** @import { Palette } from "./palette.js" */
/** @import { RunData } from "./model.js" */
/** @import { Plot } from "./plot.js" */
/** @import { Place } from "./address.js" */
import { readPlace, writePlace } from "./address.js";
import { copyButtons } from "./copy.js";
import { factList, faultFacts, holdFacts, operationFacts, operationTitle, placeBeside } from "./detail.js";
import { byId, create } from "./elements.js";
import { matching } from "./filter.js";
import { interact, interactOverview } from "./interaction.js";
import { Latency } from "./latency.js";
import { readRun, readValues } from "./model.js";
import { listOperations } from "./operations-list.js";
import { Overview } from "./overview.js";
import { readPalette } from "./palette.js";
import { numberText, momentText, visibleText } from "./text.js";
import { applyTheme, isDark, onThemeChange } from "./theme.js";
import { Throughput } from "./throughput.js";
import { Timeline } from "./timeline/timeline.js";
import { View } from "./view.js";

/** The page of one run: holds what is chosen, and draws when it changes. */
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
    this.cursor = byId("cursor", HTMLElement);
    this.tooltip = byId("tooltip", HTMLElement);
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
    const charts = [this.timeline, this.throughput, this.latency];
    for (const plot of charts) {
      interact(plot, this.view, {
        hover: (x, y) => this.hover(plot, x, y),
        leave: () => this.leave(),
        click: (x, y) => this.click(plot, x, y),
        choose: (left, right) => this.choose(left, right),
      });
    }
    interactOverview(this.overview, this.view);
    this.timeline.canvas.addEventListener("keydown", (event) => this.key(event));
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
    this.goTo(
      location.hash,
      readPlace(location.hash)?.operation !== undefined || readPlace(location.hash)?.finding !== undefined,
    );
    this.recolour();
    this.draw();
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
    this.timeline.draw(palette, { pinned: this.pinned, hovered: this.hovered, finding: this.finding, matches });
    this.overview.draw(palette);
    this.throughput.draw(palette, matches);
    this.latency.draw(palette, matches);
    listOperations(this.operationsList, this.run, this.view, matches, this.values);
  }

  /**
   * @param {Plot} plot
   * @param {number} x
   * @param {number} y
   */
  hover(plot, x, y) {
    const inside = x >= plot.left && x <= plot.right;
    this.cursor.hidden = !inside;
    this.cursor.style.transform = `translateX(${x}px)`;
    const hit = plot === this.timeline ? this.timeline.hit(x, y) : undefined;
    const operation = hit?.kind === "operation" ? hit.operation : undefined;
    if (operation !== this.hovered) {
      this.hovered = operation;
      this.timeline.draw(this.palette, {
        pinned: this.pinned,
        hovered: operation,
        finding: this.finding,
        matches: this.matches,
      });
    }
    this.timeline.canvas.style.cursor = hit === undefined ? "" : "pointer";
    const content = inside ? this.tooltipContent(plot, hit, plot.time(x)) : [];
    this.tooltip.hidden = content.length === 0;
    this.tooltip.replaceChildren(...content);
    placeBeside(this.tooltip, x, plot.canvas.offsetTop + y);
  }

  /**
   * @param {Plot} plot
   * @param {Hit | undefined} hit
   * @param {number} moment
   * @returns {Node[]}
   */
  tooltipContent(plot, hit, moment) {
    const { run } = this;
    if (hit?.kind === "operation") {
      return [
        create("b", "", operationTitle(run, hit.operation)),
        factList(operationFacts(run, hit.operation, this.values)),
      ];
    }
    if (hit?.kind === "fault") return [create("b", "", visibleText(hit.fault.title)), factList(faultFacts(hit.fault))];
    if (hit?.kind === "hold") {
      const key = run.model.keys[run.holds.key[hit.hold] ?? 0] ?? "";
      return [create("b", "", visibleText(`holds ${key}`)), factList(holdFacts(run, hit.hold))];
    }
    if (plot === this.throughput)
      return [create("b", "", momentText(moment)), create("p", "", this.throughput.at(moment))];
    if (plot === this.latency) return [create("b", "", momentText(moment)), create("p", "", this.latency.at(moment))];
    return [create("b", "", momentText(moment))];
  }

  leave() {
    this.cursor.hidden = true;
    this.tooltip.hidden = true;
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
    const close = create("button", "button", "Unpin");
    close.type = "button";
    close.addEventListener("click", () => this.pin(undefined));
    detail.replaceChildren(
      create("header", "", create("h3", "", operationTitle(run, pinned)), close),
      factList(operationFacts(run, pinned, this.values)),
    );
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

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { view } = this;
    /** @type {Record<string, () => void>} */
    const actions = {
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
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  }

  /**
   * Pins the next operation of the same lane that the filter matches; the first in view when none is pinned.
   * @param {1 | -1} direction
   */
  step(direction) {
    const { operations } = this.run;
    const lane = this.pinned === undefined ? undefined : operations.lane[this.pinned];
    let i =
      this.pinned === undefined ? operations.start.findIndex((start) => start >= this.view.from) - 1 : this.pinned;
    do i += direction;
    while (
      i >= 0 &&
      i < operations.count &&
      ((lane !== undefined && operations.lane[i] !== lane) || (this.matches !== undefined && this.matches[i] === 0))
    );
    if (i < 0 || i >= operations.count) return;
    this.bringIntoView(i);
    this.pin(i);
  }

  /**
   * Pins the operation of the neighbouring lane that starts nearest to the pinned one.
   * @param {1 | -1} direction
   */
  changeLane(direction) {
    const { operations, model } = this.run;
    if (this.pinned === undefined) {
      this.step(1);
      return;
    }
    const at = operations.start[this.pinned] ?? 0;
    for (
      let lane = (operations.lane[this.pinned] ?? 0) + direction;
      lane >= 0 && lane < model.lanes.length;
      lane += direction
    ) {
      let nearest = -1;
      let distance = Infinity;
      for (let i = 0; i < operations.count; i += 1) {
        const apart = Math.abs((operations.start[i] ?? 0) - at);
        if (operations.lane[i] !== lane || apart >= distance || (this.matches !== undefined && this.matches[i] === 0))
          continue;
        nearest = i;
        distance = apart;
      }
      if (nearest !== -1) {
        this.bringIntoView(nearest);
        this.pin(nearest);
        return;
      }
    }
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
