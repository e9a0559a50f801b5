/** A finding's events one by one: when, who, what, and what the worker believed, with the faults between. */
import type { FaultMoment } from "../../history/nemesis-event.ts";
import type { ToldFinding } from "../broken-claims.ts";
import type { Fragment, Markup } from "../markup.ts";
import { html } from "../markup.ts";
import { formatMoment, formatOffset } from "../quantities.ts";
import type { StoryStep } from "../story.ts";

export function storyTable(finding: ToldFinding): Markup {
  const { steps, inEffect } = finding.story;
  if (steps.length === 0) return html`<p class="empty">The history does not have the events of this finding.</p>`;
  // Only clients of locks have beliefs; a column of nothing helps nobody.
  const believes = steps.some((step) => step.kind === "event" && step.belief !== "");
  return html`<table class="steps stack">
    <thead>
      <tr>
        <th scope="col">#</th>
        <th scope="col" class="number">Time (ms)</th>
        <th scope="col" class="number">Since the first</th>
        <th scope="col">Who</th>
        <th scope="col">What</th>
        ${believes ? html`<th scope="col">What the worker believed</th>` : undefined}
        <th scope="col"><span class="hidden">Timeline</span></th>
      </tr>
    </thead>
    <tbody>
      ${inEffect.map((moment) => faultRow("before", "", html`<b>${moment.title}</b> was already in effect`, believes))}
      ${steps.map((step) => stepRow(step, finding, believes))}
    </tbody>
  </table>`;
}

function stepRow(step: StoryStep, { story, operationOf, fromUs, toUs }: ToldFinding, believes: boolean): Markup {
  const time = formatMoment(step.atUs);
  const offset = step.atUs === story.fromUs ? "" : formatOffset(step.atUs - story.fromUs);
  if (step.kind === "fault") return faultRow(time, offset, faultInWords(step.moment), believes);
  const { event } = step;
  const operation = operationOf(event);
  const jump = html`<a
    class="jump"
    href="#op=${operation}&amp;t=${Math.floor(fromUs)}-${Math.ceil(toUs)}"
    aria-label="Show event ${step.number} on the timeline"
    >show</a
  >`;
  return html`<tr>
    <td data-label="#"><span class="step-number">${step.number}</span></td>
    <td class="number" data-label="Time (ms)">${time}</td>
    <td class="number offset" data-label="Since the first">${offset}</td>
    <td data-label="Who"><b>${step.who}</b> <small>process ${event.process}</small></td>
    <td data-label="What">
      <span class="event-type ${event.type}">${event.type}</span> <b>${event.f}</b>
      ${step.what === "" ? undefined : html`<span class="value">${step.what}</span>`}
      ${event.error === undefined ? undefined : html`<span class="error">${event.error}</span>`}
      ${event.node === undefined ? undefined : html`<small>on ${event.node}</small>`}
    </td>
    ${believes ? html`<td data-label="Believed">${step.belief}</td>` : undefined}
    <td class="jump-cell">${operation === undefined ? undefined : jump}</td>
  </tr>`;
}

function faultRow(time: string, offset: string, what: Fragment, believes: boolean): Markup {
  return html`<tr class="fault-step">
    <td></td>
    <td class="number" data-label="Time (ms)">${time}</td>
    <td class="number offset" data-label="Since the first">${offset}</td>
    <td data-label="Who">nemesis</td>
    <td colspan="${believes ? 3 : 2}" data-label="What">${what}</td>
  </tr>`;
}

function faultInWords(moment: FaultMoment): Fragment {
  const doing = moment.stage === "active" ? "takes effect" : "is being healed";
  return html`<b>${moment.title}</b> ${doing}
    ${moment.trigger === undefined ? undefined : html`<small>(${moment.trigger})</small>`}
    ${moment.probe === undefined ? undefined : html`<span class="probe ${moment.probe.ok ? "ok" : "failed"}">${moment.probe.saw}</span>`}`;
}
