/** The frame that the page's script draws the timeline and the charts into. */
import type { Markup } from "../markup.ts";
import { html } from "../markup.ts";

export interface TimelineFrame {
  /** True when the run has locks, whose signs the legend then explains. */
  readonly locks: boolean;
  /** What was left out of the page. */
  readonly notices: readonly string[];
}

export function timelineFrame({ locks, notices }: TimelineFrame): Markup {
  return html`${notices.map((notice) => html`<p class="notice warning">${notice}</p>`)}
    <div class="toolbar" role="toolbar" aria-label="Timeline">
      <label class="filter"
        ><span class="hidden">Filter operations</span
        ><input
          id="filter"
          type="search"
          placeholder="Filter: f:write outcome:info worker:w1 key:… -text"
          spellcheck="false"
          autocomplete="off"
      /></label>
      <output id="matches" class="aside"></output>
      <span class="spacer"></span>
      <div class="buttons">
        <button type="button" class="button" data-zoom="in" aria-label="Zoom in">+</button>
        <button type="button" class="button" data-zoom="out" aria-label="Zoom out">−</button>
        <button type="button" class="button" data-zoom="all">Whole run</button>
      </div>
    </div>
    <ul class="legend" aria-label="Legend">
      <li><span class="key op-ok"></span> ok: happened</li>
      <li><span class="key op-fail"></span> fail: did not happen</li>
      <li><span class="key op-info"></span> info: unknown, may still happen later</li>
      ${
        locks
          ? html`<li><span class="key hold"></span> holds the lock, as far as it knows</li>
              <li><span class="key hold-expired"></span> past the validity its library gave</li>`
          : undefined
      }
      <li><span class="key fault"></span> fault in effect</li>
    </ul>
    <div id="stack" class="time-stack">
      <canvas
        id="overview"
        height="48"
        role="img"
        aria-label="Overview of the whole run; drag to choose a part"
      ></canvas>
      <canvas
        id="timeline"
        tabindex="0"
        role="application"
        aria-roledescription="timeline"
        aria-label="Timeline of operations by worker"
        aria-describedby="keys"
      ></canvas>
      <h3 class="chart-title">Throughput <small>operations per second by the time of their end</small></h3>
      <canvas id="throughput" height="150" role="img" aria-label="Throughput over time by outcome"></canvas>
      <h3 class="chart-title">
        Latency <small>log scale; one point per operation, lines for the median and the 99th percentile of ok</small>
      </h3>
      <canvas id="latency" height="230" role="img" aria-label="Latency over time, logarithmic"></canvas>
      <div id="cursor" hidden></div>
      <div id="tooltip" role="status" hidden></div>
    </div>
    <p id="keys" class="aside keys">
      Wheel with <kbd>Ctrl</kbd>, or after a click: zoom. Drag: move. <kbd>Shift</kbd>+drag: zoom to a part.
      <kbd>+</kbd> <kbd>−</kbd> zoom, <kbd>←</kbd> <kbd>→</kbd> move, <kbd>0</kbd> whole run, <kbd>n</kbd>
      <kbd>p</kbd> next and previous operation of the lane, <kbd>↑</kbd> <kbd>↓</kbd> other lane, <kbd>Esc</kbd> unpin.
    </p>
    <section id="detail" class="detail" aria-live="polite" hidden></section>
    <details id="operations" class="operations">
      <summary>Operations in view</summary>
      <div class="scroll"><table></table></div>
    </details>
    <noscript
      ><p class="notice warning">
        The timeline and the charts need JavaScript; everything else on this page does not.
      </p></noscript
    >`;
}
