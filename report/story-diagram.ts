/**
 * The picture of a finding: one lane per worker that takes part, its holds of the lock, the faults, and the numbered
 * events. It is SVG in the page itself: it prints, and it needs no script.
 *
 * The time axis is bent: a pause of three seconds and a race of half a millisecond must both be seen, so every two
 * neighbouring moments get a minimum distance, and the rest of the width is shared out by the fourth root of the time
 * between them. Order is exact, lengths are not; every moment is labelled with its true time.
 */
import { NEMESIS } from "../history/operation.ts";
import type { FaultSpan } from "./page-model.ts";
import type { Markup } from "./markup.ts";
import { html } from "./markup.ts";
import type { Hold } from "./holds.ts";
import { validUntil } from "./holds.ts";
import { formatOffset } from "./quantities.ts";
import type { Story, StoryStep } from "./story.ts";

const WIDTH = 1040;
const GUTTER = 92;
const RIGHT_EDGE = WIDTH - 24;
const FAULT_ROW = 24;
const LANE_HEIGHT = 64;
const AXIS_HEIGHT = 34;
const MIN_GAP = 26;
const MARKER = 9;
const MAX_LANES = 8;

type Events = Extract<StoryStep, { readonly kind: "event" }>[];

interface Frame {
  readonly story: Story;
  readonly lanes: readonly string[];
  /** Place of a moment; what lies outside the story lies at its edges. */
  readonly x: Axis;
  readonly top: number;
  readonly bottom: number;
  readonly laneTop: (lane: string) => number;
}

/** A drawing for the story, or undefined when it has too few or too many moments for one. */
export function storyDiagram(story: Story, faults: readonly FaultSpan[]): Markup | undefined {
  const events = story.steps.filter((step) => step.kind === "event");
  const lanes = [...new Set([...events.map((step) => step.who), ...story.holds.map((hold) => hold.lane)])]
    .filter((lane) => lane !== NEMESIS)
    .sort(new Intl.Collator("en", { numeric: true }).compare);
  const shown = faults.filter((fault) => begin(fault) <= story.toUs && end(fault) >= story.fromUs);
  const moments = [...momentsOf(story, shown)].sort((a, b) => a - b);
  const most = Math.floor((RIGHT_EDGE - GUTTER) / MIN_GAP);
  if (events.length < 2 || lanes.length === 0 || lanes.length > MAX_LANES || moments.length > most) return undefined;

  const axis = bentAxis(moments);
  const top = 8 + shown.length * FAULT_ROW;
  const bottom = top + lanes.length * LANE_HEIGHT;
  const frame: Frame = {
    story,
    lanes,
    x: (us) => (us < story.fromUs ? GUTTER : us > story.toUs ? RIGHT_EDGE : axis(us)),
    top,
    bottom,
    laneTop: (lane) => top + lanes.indexOf(lane) * LANE_HEIGHT,
  };
  return html`<svg
    class="story"
    viewBox="0 0 ${WIDTH} ${bottom + AXIS_HEIGHT}"
    role="img"
    aria-label="Order of the events of this finding; the table below has the same in words"
  >
    ${shown.map((fault, row) => faultBand(fault, row, frame))} ${lanes.map((lane) => laneLine(lane, frame))}
    ${story.holds.map((hold) => holdBar(hold, frame))} ${markers(events, frame)} ${axisLabels(moments, frame)}
  </svg>`;
}

function begin(fault: FaultSpan): number {
  return fault.activeUs ?? fault.injectUs;
}

function end(fault: FaultSpan): number {
  return fault.healUs ?? fault.healedUs ?? Infinity;
}

/** Everything in the story that has a moment. */
function momentsOf(story: Story, faults: readonly FaultSpan[]): Set<number> {
  const inside = [
    ...story.holds.flatMap((hold) => [hold.fromUs, hold.toUs, validUntil(hold) ?? Infinity]),
    ...faults.flatMap((fault) => [begin(fault), end(fault)]),
  ].filter((us) => us >= story.fromUs && us <= story.toUs);
  return new Set([story.fromUs, story.toUs, ...story.steps.map((step) => step.atUs), ...inside]);
}

type Axis = (us: number) => number;

function bentAxis(moments: readonly number[]): Axis {
  const gaps = moments.slice(1).map((moment, position) => (moment - (moments[position] ?? moment)) ** 0.25);
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  const room = RIGHT_EDGE - GUTTER - 40 - MIN_GAP * gaps.length;
  const places = [GUTTER + 20];
  gaps.forEach((gap, position) => {
    places.push((places[position] ?? 0) + MIN_GAP + (total === 0 ? 0 : (gap / total) * room));
  });
  return (us) => {
    const after = moments.findIndex((moment) => moment >= us);
    if (after === -1) return places.at(-1) ?? GUTTER;
    const before = Math.max(0, after - 1);
    const from = moments[before] ?? us;
    const to = moments[after] ?? us;
    const share = to === from ? 1 : (us - from) / (to - from);
    return (places[before] ?? 0) + share * ((places[after] ?? 0) - (places[before] ?? 0));
  };
}

function laneLine(lane: string, { laneTop }: Frame): Markup {
  const y = laneTop(lane) + 36;
  return html`<text class="lane-name" x="${GUTTER - 14}" y="${y + 4}" text-anchor="end">${shortText(lane, 11)}</text>
    <line class="lane-line" x1="${GUTTER}" x2="${RIGHT_EDGE}" y1="${y}" y2="${y}" />`;
}

function faultBand(fault: FaultSpan, row: number, { lanes, x, top, bottom, laneTop }: Frame): Markup {
  const left = x(begin(fault));
  const width = Math.max(2, x(end(fault)) - left);
  // A fault of workers shades their lanes; a fault of anything else concerns everybody.
  const struck = lanes.filter((lane) => fault.target.includes(lane));
  const bands =
    struck.length > 0
      ? struck.map((lane) => rectangle("fault-band", left, laneTop(lane) + 4, width, LANE_HEIGHT - 8))
      : rectangle("fault-band", left, top, width, bottom - top);
  // The title of a late fault would run out of the picture: it ends where the fault ends.
  const late = left > WIDTH * 0.75;
  return html`${bands} ${rectangle("fault-bar", left, row * FAULT_ROW + 18, width, 5)}
    <text
      class="fault-label"
      x="${px(late ? left + width : left)}"
      y="${row * FAULT_ROW + 13}"
      text-anchor="${late ? "end" : "start"}"
      >${shortText(fault.title, 60)}</text
    >`;
}

function holdBar(hold: Hold, { x, laneTop }: Frame): Markup {
  const left = x(hold.fromUs);
  const right = x(hold.toUs);
  const valid = Math.min(right, x(validUntil(hold) ?? Infinity));
  const y = laneTop(hold.lane) + 28;
  const label = hold.token === undefined ? hold.key : `${hold.key} · token ${hold.token}`;
  return html`${rectangle("hold", left, y, Math.max(2, valid - left), 16)}
    ${right > valid + 1 ? rectangle("hold-expired", valid, y, right - valid, 16) : undefined}
    <text class="hold-label" x="${px(left + 6)}" y="${y + 29}">${shortText(label, 40)}</text>`;
}

function markers(events: Events, { lanes, x, laneTop }: Frame): Markup[] {
  const lastPlace = new Map<string, number>();
  return events
    .filter((step) => lanes.includes(step.who))
    .map((step) => {
      const exact = x(step.atUs);
      // Two events of one worker may share a moment: the later circle moves aside, its leader line keeps the place.
      const place = Math.max(exact, (lastPlace.get(step.who) ?? -Infinity) + 2 * MARKER + 2);
      lastPlace.set(step.who, place);
      const y = laneTop(step.who) + 14;
      return html`<line class="leader" x1="${px(place)}" x2="${px(exact)}" y1="${y + MARKER}" y2="${y + 26}" />
        <circle class="marker" cx="${px(place)}" cy="${y}" r="${MARKER}" />
        <text class="marker-number" x="${px(place)}" y="${y + 4}" text-anchor="middle">${step.number}</text>`;
    });
}

/** A tick for every moment, and its time where there is room. */
function axisLabels(moments: readonly number[], { story, x, bottom }: Frame): Markup[] {
  let lastRight = -Infinity;
  return moments.map((us) => {
    const place = x(us);
    const text = us === story.fromUs ? "0" : formatOffset(us - story.fromUs);
    const half = text.length * 3.4;
    const fits = place - half > lastRight + 8 && place + half < WIDTH;
    if (fits) lastRight = place + half;
    return html`<line class="tick" x1="${px(place)}" x2="${px(place)}" y1="${bottom}" y2="${bottom + 5}" />
      ${fits ? html`<text class="tick-label" x="${px(place)}" y="${bottom + 19}" text-anchor="middle">${text}</text>` : undefined}`;
  });
}

function rectangle(name: string, left: number, top: number, width: number, height: number): Markup {
  return html`<rect class="${name}" x="${px(left)}" y="${top}" width="${px(width)}" height="${height}" rx="3" />`;
}

function px(value: number): string {
  return value.toFixed(1);
}

function shortText(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
