/**
 * The picture of a finding: one lane per worker that takes part, its holds of the lock, the faults, and the numbered events.
 * It is SVG in the page itself: it prints, and it needs no script.
 *
 * The time axis is bent: a pause of three seconds and a race of half a millisecond must both be seen, so every two neighbouring
 * moments get a minimum distance, and the rest of the width is shared out by the fourth root of the time between them. Order is exact, lengths
 * are not; every moment is labelled with its true time.
 */
import { NEMESIS } from "../history/operation.ts";
import type { FaultSpan } from "./page-model.ts";
import type { Fragment, Markup } from "./markup.ts";
import { html } from "./markup.ts";
import { formatOffset } from "./quantities.ts";
import type { Story } from "./story.ts";

const WIDTH = 1040;
const GUTTER = 92;
const RIGHT = 24;
const LANE_HEIGHT = 64;
const TOP = 34;
const AXIS = 34;
const MIN_GAP = 26;
const MARKER = 9;

/** A drawing for the story, or undefined when it has too few or too many moments for one. */
export function storyDiagram(story: Story, faults: readonly FaultSpan[]): Markup | undefined {
  const events = story.steps.filter((step) => step.kind === "event");
  const lanes = [...new Set([...events.map((step) => step.who), ...story.holds.map((hold) => hold.lane)])]
    .filter((lane) => lane !== NEMESIS)
    .sort(new Intl.Collator("en", { numeric: true }).compare);
  const shown = faults.filter(
    (fault) => fault.injectUs <= story.toUs && (fault.healedUs ?? fault.healUs ?? Infinity) >= story.fromUs,
  );
  const within = (us: number): boolean => us >= story.fromUs && us <= story.toUs;
  const moments = new Set<number>([story.fromUs, story.toUs]);
  for (const step of story.steps) moments.add(step.atUs);
  for (const hold of story.holds) {
    for (const us of [hold.fromUs, hold.toUs, valid]) if (us !== undefined && within(us)) moments.add(us);
  }
  for (const fault of shown) {
    for (const us of [fault.activeUs ?? fault.injectUs, fault.healUs])
      if (us !== undefined && within(us)) moments.add(us);
  }
  const maximum = Math.floor((WIDTH - GUTTER - RIGHT) / MIN_GAP);
  if (events.length < 2 || lanes.length === 0 || lanes.length > 8 || moments.size > maximum) return undefined;

  const x = bentAxis([...moments].sort((a, b) => a - b));
  const height = TOP + lanes.length * LANE_HEIGHT + AXIS;
  const laneTop = (lane: string): number => TOP + lanes.indexOf(lane) * LANE_HEIGHT;
  const bottom = height - AXIS;

  return html`<svg
    class="story"
    viewBox="0 0 ${WIDTH} ${height}"
    role="img"
    aria-label="Order of the events of this finding; the table below has the same in words"
  >
    ${shown.map((fault) => faultBand(fault, story, x, lanes, laneTop, bottom))}
    ${lanes.map(
      (lane) =>
        html`<text class="lane-name" x="${GUTTER - 14}" y="${laneTop(lane) + 40}" text-anchor="end"
            >${shortText(lane, 11)}</text
          >
          <line
            class="lane-line"
            x1="${GUTTER}"
            x2="${WIDTH - RIGHT}"
            y1="${laneTop(lane) + 36}"
            y2="${laneTop(lane) + 36}"
          />`,
    )}
    ${story.holds.map((hold) => {
      const left = x(Math.max(hold.fromUs, story.fromUs));
      const right = hold.toUs > story.toUs ? WIDTH - RIGHT : x(hold.toUs);
      const validTo = Math.min(
        right,
        valid === undefined
          ? right
          : valid > story.toUs
            ? WIDTH - RIGHT
            : x(Math.max(valid, story.fromUs)),
      );
      const y = laneTop(hold.lane) + 28;
      const label = hold.token === undefined ? hold.key : `${hold.key} · token ${hold.token}`;
      return html`<rect
          class="hold"
          x="${px(left)}"
          y="${y}"
          width="${px(Math.max(2, validTo - left))}"
          height="16"
          rx="3"
        />
        ${right > validTo + 1 ? html`<rect class="hold-expired" x="${px(validTo)}" y="${y}" width="${px(right - validTo)}" height="16" rx="3" />` : undefined}
        <text class="hold-label" x="${px(left + 6)}" y="${y + 29}">${shortText(label, 40)}</text>`;
    })}
    ${markers(events, x, laneTop, lanes)} ${axisLabels(story, moments, x, bottom)}
  </svg>`;
}

type Axis = (us: number) => number;

function bentAxis(moments: readonly number[]): Axis {
  const gaps = moments.slice(1).map((moment, position) => (moment - (moments[position] ?? moment)) ** 0.25);
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  const room = WIDTH - GUTTER - RIGHT - 40 - MIN_GAP * gaps.length;
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

function faultBand(
  fault: FaultSpan,
  story: Story,
  x: Axis,
  lanes: readonly string[],
  laneTop: (lane: string) => number,
  bottom: number,
): Fragment {
  const begin = fault.activeUs ?? fault.injectUs;
  const end = fault.healUs ?? fault.healedUs ?? Infinity;
  const left = begin < story.fromUs ? GUTTER : x(begin);
  const right = end > story.toUs ? WIDTH - RIGHT : x(end);
  const width = px(Math.max(2, right - left));
  // A fault of workers shades their lanes; a fault of anything else concerns everybody.
  const struck = lanes.filter((lane) => fault.target.includes(lane));
  const bands =
    struck.length > 0
      ? struck.map(
          (lane) =>
            html`<rect
              class="fault-band"
              x="${px(left)}"
              y="${laneTop(lane) + 4}"
              width="${width}"
              height="${LANE_HEIGHT - 8}"
            />`,
        )
      : html`<rect class="fault-band" x="${px(left)}" y="${TOP}" width="${width}" height="${bottom - TOP}" />`;
  return html`${bands}
    <rect class="fault-bar" x="${px(left)}" y="18" width="${width}" height="5" rx="2" />
    <text class="fault-label" x="${px(left)}" y="13">${shortText(fault.title, 60)}</text>`;
}

function markers(
  events: readonly { readonly number: number; readonly atUs: number; readonly who: string }[],
  x: Axis,
  laneTop: (lane: string) => number,
  lanes: readonly string[],
): Fragment {
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

function axisLabels(story: Story, moments: ReadonlySet<number>, x: Axis, bottom: number): Fragment {
  let lastRight = -Infinity;
  return [...moments]
    .sort((a, b) => a - b)
    .map((us) => {
      const place = x(us);
      const text = us === story.fromUs ? "0" : formatOffset(us - story.fromUs);
      const half = text.length * 3.4;
      const fits = place - half > lastRight + 8;
      if (fits) lastRight = place + half;
      return html`<line class="tick" x1="${px(place)}" x2="${px(place)}" y1="${bottom}" y2="${bottom + 5}" />
        ${fits ? html`<text class="tick-label" x="${px(place)}" y="${bottom + 19}" text-anchor="middle">${text}</text>` : undefined}`;
    });
}

function px(value: number): string {
  return value.toFixed(1);
}

function shortText(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
