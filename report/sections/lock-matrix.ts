/** Locks × campaigns on the list of all runs: the last run of each lock in each campaign, one click away. */
import type { Markup } from "../markup.ts";
import { html } from "../markup.ts";
import type { LockCell, LockRun } from "../locks/lock-matrix.ts";
import { legendOf, lockMatrix } from "../locks/lock-matrix.ts";
import { NOT_APPLICABLE } from "../claim-words.ts";
import type { Tone } from "../claim-words.ts";
import { chip } from "./marks.ts";
import type { Tone as MarkTone } from "./marks.ts";

export interface LinkedLockRun extends LockRun {
  /** Where the run's page is. */
  readonly href: string;
}

const TONES: Readonly<Record<Tone, MarkTone>> = {
  good: "good",
  bad: "bad",
  shown: "shown",
  doubtful: "unsure",
  quiet: "quiet",
};

/** @param runs newest first */
export function lockMatrixTable(runs: readonly LinkedLockRun[]): Markup {
  const matrix = lockMatrix(lastOfEach(runs));
  const locks = [...matrix.locks].sort();
  const legend = legendOf(matrix);
  return html`${legend === undefined ? [] : html`<p class="aside">${legend}</p>`}
    <div class="matrix" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Campaign</th>
            ${locks.map((lock) => html`<th scope="col">${lock}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${[...matrix.campaigns].sort().map(
            (campaign) =>
              html`<tr>
                <th scope="row">${campaign}</th>
                ${locks.map((lock) => html`<td>${cell(matrix.cell(lock, campaign))}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

function cell(content: LockCell<LinkedLockRun> | undefined): Markup {
  if (content === undefined) return html`<span class="aside">${NOT_APPLICABLE}</span>`;
  return html`<a href="${content.shown.href}">${chip(TONES[content.tone], content.words)}</a>`;
}

function lastOfEach(runs: readonly LinkedLockRun[]): LinkedLockRun[] {
  const last = new Map<string, LinkedLockRun>();
  for (const run of runs) {
    const key = JSON.stringify([run.lock, run.campaign]);
    if (!last.has(key)) last.set(key, run);
  }
  return [...last.values()];
}
