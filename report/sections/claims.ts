/** The table of claims: what was put to the test, who promises it, and what the history says. */
import type { CheckResult } from "../../checkers/checker.ts";
import type { Coverage, KindCount, Stretch } from "../../checkers/kit/coverage.ts";
import { coverageLines } from "../../checkers/judge/coverage-words.ts";
import type { Claim } from "../../history/plan.ts";
import type { Json } from "../../history/operation.ts";
import type { Fragment, Markup } from "../markup.ts";
import { html } from "../markup.ts";
import { NOT_APPLICABLE } from "../claim-words.ts";
import { formatNumber } from "../quantities.ts";
import type { StoredRun } from "../../store/stored-run.ts";
import { chip, verdictTone } from "./marks.ts";

interface ShownClaim {
  readonly claim: Claim;
  /** Undefined where the run was not judged. */
  readonly result?: CheckResult;
  readonly inapplicable?: true;
}

export function claimsTable({ plan, verdict }: StoredRun): Markup {
  const judged: readonly ShownClaim[] = verdict?.claims ?? plan.claims.map((claim) => ({ claim }));
  if (judged.length === 0) return html`<p class="empty">This run tests no claim.</p>`;
  return html`<table class="claims stack">
    <thead>
      <tr>
        <th scope="col">Claim</th>
        <th scope="col">Standing</th>
        <th scope="col">Expected</th>
        <th scope="col">Verdict</th>
        <th scope="col">Why</th>
      </tr>
    </thead>
    <tbody>
      ${judged.map((each, position) => claimRow(each, position + 1))}
    </tbody>
  </table>`;
}

function claimRow({ claim, result, inapplicable }: ShownClaim, number: number): Markup {
  const tone = inapplicable === true ? "quiet" : verdictTone(claim, result?.verdict);
  return html`<tr class="${tone}" id="claim-${number}">
    <td data-label="Claim">
      <p class="statement">${claim.statement}</p>
      <p class="source">Source: ${linked(claim.source)}</p>
    </td>
    <td data-label="Standing">
      <span class="standing ${claim.standing}">${claim.standing}</span>
      <small>${claim.standing === "promised" ? "documented: must hold" : "often believed, not promised"}</small>
    </td>
    <td data-label="Expected">${claim.expect ?? "—"}</td>
    <td data-label="Verdict">
      ${chip(tone, inapplicable === true ? NOT_APPLICABLE : (result?.verdict ?? "not judged"))}
      ${
        result?.verdict === "broken" && result.findings.length > 0
          ? html`<a class="to-evidence" href="#counterexample-${number}"
              >${result.count === 1 ? "see the proof" : `see the proofs (${formatNumber(result.count)})`}</a
            >`
          : undefined
      }
    </td>
    <td data-label="Why">
      <p>${result?.reason ?? ""}</p>
      ${result?.verdict === "holds" || result?.verdict === "vacuous" ? doneUnderFaults(result.coverage) : undefined}
      ${figures(result?.figures ?? {})}
      <p class="checker">checker <code>${claim.checker}</code></p>
    </td>
  </tr>`;
}

/** What was done under each fault, by kind of operation and worker: what the word *holds* rests on. */
function doneUnderFaults(coverage: Coverage | undefined): Fragment {
  if (coverage === undefined) return undefined;
  const rows = rowsOf(coverage);
  if (rows.length === 0) return undefined;
  return html`<details class="coverage">
    <summary>${coverageLines(coverage).join(" ")}</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Operation</th>
          <th scope="col">Tried</th>
          <th scope="col">${capital(coverage.end)}</th>
          <th scope="col">By worker</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ when, by, kind: { f, tried, open, counted, workers } }) =>
            html`<tr>
              <td>${when}</td>
              <td><code>${f}</code>${by}</td>
              <td>${formatNumber(tried + open)}</td>
              <td>${formatNumber(counted)}</td>
              <td>
                ${Object.entries(workers)
                  .map(([worker, count]) => `${worker}: ${formatNumber(count)}`)
                  .join(", ")}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

interface CoverageRow {
  readonly when: string;
  /** Whose operations are counted, where it is not everybody's. */
  readonly by: string;
  readonly kind: KindCount;
}

function rowsOf({ load, faults, byNewHolders = false }: Coverage): CoverageRow[] {
  const rows = (
    when: string,
    stretch: Stretch | undefined,
    by = byNewHolders ? " by new holders" : "",
  ): CoverageRow[] => (stretch?.kinds ?? []).map((kind) => ({ when, by, kind }));
  return [
    ...rows("the whole load", load, ""),
    ...faults.flatMap(({ title, during, after }) => [
      ...rows(`while “${title}” lasted`, during),
      ...rows(`after “${title}”`, after),
    ]),
  ];
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

function figures(all: { readonly [name: string]: Json }): Fragment {
  const entries = Object.entries(all);
  if (entries.length === 0) return undefined;
  return html`<dl class="figures">
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${figure(value)}</dd>
        </div>`,
    )}
  </dl>`;
}

function figure(value: Json): string {
  if (typeof value === "number") return formatNumber(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A source with its web addresses as links; any other scheme stays text. */
function linked(source: string): Fragment {
  return source
    .split(/(https?:\/\/[^\s<>"')\]]+)/)
    .map((part, position) =>
      position % 2 === 1
        ? html`<a href="${part}" rel="noopener noreferrer">${part.replace(/^https?:\/\//, "")}</a>`
        : part,
    );
}
