/**
 * The table of faults: what was planned, what happened, and what the probes saw. A fault without proof proves nothing.
 */
import { linksProbedIn } from "../../history/nemesis-event.ts";
import type { History } from "../../history/history.ts";
import type { Fragment, Markup } from "../markup.ts";
import { html } from "../markup.ts";
import type { FaultRecord } from "../fault-record.ts";
import { counted, formatLength, formatMoment } from "../quantities.ts";
import { chip } from "./marks.ts";

export function faultsTable(records: readonly FaultRecord[], history: History): Markup {
  return html`${
    records.length === 0
      ? html`<p class="empty">This run injects no fault.</p>`
      : html`<table class="faults stack">
          <thead>
            <tr>
              <th scope="col">Fault</th>
              <th scope="col">Planned</th>
              <th scope="col" class="number">Injected (ms)</th>
              <th scope="col" class="number">Observed (ms)</th>
              <th scope="col" class="number">Healed (ms)</th>
              <th scope="col">What the probes saw</th>
            </tr>
          </thead>
          <tbody>
            ${records.map(faultRow)}
          </tbody>
        </table>`
  }
  ${linksAfterHeal(history)}`;
}

function faultRow(record: FaultRecord): Markup {
  const { at } = record;
  const lasted = at.active === undefined || at.heal === undefined ? undefined : at.heal - at.active;
  return html`<tr>
    <td data-label="Fault">
      <p class="statement">${record.title}</p>
      <small>${record.kind}${record.target.length === 0 ? "" : ` on ${record.target.join(", ")}`}</small>
      ${at.active === undefined && at.inject === undefined ? html`<p>${chip("unsure", "did not fire")}</p>` : undefined}
    </td>
    <td data-label="Planned">
      <p>Start: ${record.planned.start}</p>
      <p>End: ${record.planned.end}</p>
      ${record.trigger === undefined ? undefined : html`<p><small>Triggered: ${record.trigger}</small></p>`}
      ${record.reason === undefined ? undefined : html`<p class="error">${record.reason}</p>`}
    </td>
    <td class="number" data-label="Injected">${momentCell(at.inject)}</td>
    <td class="number" data-label="Observed">${momentCell(at.active)}</td>
    <td class="number" data-label="Healed">
      ${momentCell(at.healed)} ${lasted === undefined ? undefined : html`<small>lasted ${formatLength(lasted)}</small>`}
    </td>
    <td data-label="Probes">
      ${record.probes.length === 0 ? "no probe was recorded" : undefined}
      ${record.probes.map(
        ({ stage, probe }) =>
          html`<p class="probe-line">
            ${chip(probe.ok ? "good" : "bad", stage === "healed" ? "healed" : "in effect")} ${probe.saw}
          </p>`,
      )}
    </td>
  </tr>`;
}

function momentCell(us: number | undefined): Fragment {
  if (us === undefined) return "—";
  const from = Math.max(0, Math.floor(us - 500_000));
  return html`<a class="jump" href="#t=${from}-${Math.ceil(us + 500_000)}">${formatMoment(us)}</a>`;
}

/** After the heal every link is tried; a run that ends with a dead link says nothing about recovery. */
function linksAfterHeal(history: History): Fragment {
  return history.nemesis
    .flatMap((event) => linksProbedIn(event) ?? [])
    .map(
      ({ links, failed }) =>
        html`<div class="links-probed">
          ${chip(failed.length === 0 ? "good" : "bad", "after the heal")} ${counted(links, "link")} tried,
          ${failed.length === 0 ? "all of them worked." : `${failed.length} did not work:`}
          ${
            failed.length === 0
              ? undefined
              : html`<ul>
                  ${failed.map((sentence) => html`<li>${sentence}</li>`)}
                </ul>`
          }
        </div>`,
    );
}
