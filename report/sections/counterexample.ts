/** For every broken claim: what happened, the events that prove it in order, and the faults between them. */
import type { Markup } from "../markup.ts";
import { html } from "../markup.ts";
import type { FaultSpan } from "../page-model.ts";
import { counted, formatNumber } from "../quantities.ts";
import { storyDiagram } from "../story-diagram.ts";
import { chip, verdictTone } from "./marks.ts";
import { storyTable } from "./story-table.ts";
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
