/** For every broken claim: what happened, the events that prove it in order, and the faults between them. */
import type { FaultMoment } from "../../history/nemesis-event.ts";
import type { HistoryEvent } from "../../history/operation.ts";
import type { Fragment, Markup } from "../markup.ts";
import { html } from "../markup.ts";
import type { FaultSpan } from "../page-model.ts";
import { counted, formatMoment, formatNumber, formatOffset } from "../quantities.ts";
import type { Story, StoryStep } from "../story.ts";
import { storyDiagram } from "../story-diagram.ts";
import { chip, verdictTone } from "./marks.ts";
import type { BrokenClaim, ToldFinding } from "../broken-claims.ts";

/** So many findings of a claim are told in full; the others keep their sentence and their place on the timeline. */
const TOLD_IN_FULL = 5;

export function counterexamples(broken: readonly BrokenClaim[], faults: readonly FaultSpan[], judged: boolean): Markup {
  if (broken.length === 0) {
    return html`<p class="empty">
      ${judged ? "No claim was broken, so there is nothing to show here." : "The run was not judged, so nobody has looked for one."}
    </p>`;
  }
  return html`${broken.map((claim) => claimBlock(claim, faults))}`;
}

function claimBlock({ number, claim, result, told }: BrokenClaim, faults: readonly FaultSpan[]): Markup {
  const others = told.slice(1);
  const beyond = result.count - told.length;
  return html`<article class="broken ${verdictTone(claim, result.verdict)}" id="counterexample-${number}">
    <header>
      ${chip(verdictTone(claim, result.verdict), claim.standing === "promised" ? "broken promise" : "broken hope")}
      <h3>${claim.statement}</h3>
    </header>
    ${told[0] === undefined ? undefined : findingBlock(told[0], faults, true)}
    ${
      others.length === 0
        ? undefined
        : html`<h4>${counted(others.length, "more violation")} of the same claim</h4>
            ${others.map((finding, position) =>
              position + 1 < TOLD_IN_FULL
                ? html`<details class="finding">
                    <summary>${findingTitle(finding)}</summary>
                    ${findingBlock(finding, faults, false)}
                  </details>`
                : html`<p class="finding-line">${findingTitle(finding)} ${jumpLink(finding)}</p>`,
            )}`
    }
    ${
      beyond > 0
        ? html`<p class="more">
            ${formatNumber(result.count)} violations were counted in all; the clearest are kept here.
          </p>`
        : undefined
    }
  </article>`;
}

function findingTitle({ story }: ToldFinding): Markup {
  return html`<span class="kind">${story.finding.kind}</span> ${story.finding.sentence}`;
}

function findingBlock(finding: ToldFinding, faults: readonly FaultSpan[], leading: boolean): Markup {
  const { story } = finding;
  const drawing = storyDiagram(story, faults);
  return html`<div class="finding-body">
    ${leading ? html`<p class="finding-sentence">${findingTitle(finding)}</p>` : undefined}
    ${
      drawing === undefined
        ? undefined
        : html`<figure>
            <div class="scroll">${drawing}</div>
            <figcaption>
              ${
                story.holds.length === 0
                  ? undefined
                  : html`<span class="key hold"></span> the worker believes that it holds the lock
                      <span class="key hold-expired"></span> past the validity that its own library gave`
              }
              <span class="key fault"></span> fault
              <span class="aside"
                >Order is exact, lengths are not: short and long gaps must both be seen. Times count from the first
                event.</span
              >
            </figcaption>
          </figure>`
    }
    ${storyTable(finding)}
    <p class="actions">${jumpLink(finding)}</p>
    ${story.untold > 0 ? html`<p class="more">${counted(story.untold, "further event")} of this finding not listed.</p>` : undefined}
  </div>`;
}

function jumpLink({ name, fromUs, toUs }: ToldFinding): Markup {
  return html`<a class="button" href="#finding=${name}&amp;t=${Math.floor(fromUs)}-${Math.ceil(toUs)}"
    >Show on the timeline</a
  >`;
}

function storyTable({ story, operationOf, fromUs, toUs }: ToldFinding): Fragment {
  if (story.steps.length === 0) return html`<p class="empty">The history does not have the events of this finding.</p>`;
  return html`<table class="steps stack">
    <thead>
      <tr>
        <th scope="col">#</th>
        <th scope="col" class="number">Time (ms)</th>
        <th scope="col">Who</th>
        <th scope="col">What</th>
        <th scope="col">What the worker believed</th>
        <th scope="col"><span class="hidden">Timeline</span></th>
      </tr>
    </thead>
    <tbody>
      ${story.inEffect.map(
        (moment) =>
          html`<tr class="fault-step">
            <td></td>
            <td class="number">before</td>
            <td>nemesis</td>
            <td colspan="3"><b>${moment.title}</b> was already in effect</td>
          </tr>`,
      )}
      ${story.steps.map((step) => stepRow(step, story, operationOf, fromUs, toUs))}
    </tbody>
  </table>`;
}

function stepRow(
  step: StoryStep,
  story: Story,
  operationOf: (event: HistoryEvent) => number | undefined,
  fromUs: number,
  toUs: number,
): Markup {
  const when = html`${formatMoment(step.atUs)}
    <small>${step.atUs === story.fromUs ? "" : formatOffset(step.atUs - story.fromUs)}</small>`;
  if (step.kind === "fault") {
    return html`<tr class="fault-step">
      <td></td>
      <td class="number" data-label="Time">${when}</td>
      <td data-label="Who">nemesis</td>
      <td colspan="3" data-label="What">${faultInWords(step.moment)}</td>
    </tr>`;
  }
  const { event } = step;
  const operation = operationOf(event);
  return html`<tr>
    <td data-label="#"><span class="step-number">${step.number}</span></td>
    <td class="number" data-label="Time">${when}</td>
    <td data-label="Who"><b>${step.who}</b> <small>process ${event.process}</small></td>
    <td data-label="What">
      <span class="event-type ${event.type}">${event.type}</span> <b>${event.f}</b>
      ${step.what === "" ? undefined : html`<span class="value">${step.what}</span>`}
      ${event.error === undefined ? undefined : html`<span class="error">${event.error}</span>`}
      ${event.node === undefined ? undefined : html`<small>on ${event.node}</small>`}
    </td>
    <td data-label="Believed">${step.belief}</td>
    <td class="jump-cell">
      ${
        operation === undefined
          ? undefined
          : html`<a
              class="jump"
              href="#op=${operation}&amp;t=${Math.floor(fromUs)}-${Math.ceil(toUs)}"
              aria-label="Show event ${step.number} on the timeline"
              >show</a
            >`
      }
    </td>
  </tr>`;
}

function faultInWords(moment: FaultMoment): Fragment {
  const doing = moment.stage === "active" ? "takes effect" : "is being healed";
  return html`<b>${moment.title}</b>
    ${doing}${moment.trigger === undefined ? undefined : html` <small>${moment.trigger}</small>`}
    ${moment.probe === undefined ? undefined : html`<span class="probe ${moment.probe.ok ? "ok" : "failed"}">${moment.probe.saw}</span>`}`;
}
