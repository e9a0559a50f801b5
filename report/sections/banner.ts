/** The first thing that a reader sees: how the run ended, in a word, a sentence, and the facts that place it. */
import type { Fragment, Markup } from "../markup.ts";
import { html } from "../markup.ts";
import { formatLength, formatNumber } from "../quantities.ts";
import { failureInWords, outcomeOfRun } from "../../store/run-outcome.ts";
import type { StoredRun } from "../../store/stored-run.ts";
import { mark, outcomeTone, outcomeWord } from "./marks.ts";

export function banner(stored: StoredRun): Markup {
  const { run, plan, history } = stored;
  const outcome = outcomeOfRun(stored);
  const tone = outcomeTone(outcome);
  return html`<header class="banner ${tone}" id="verdict">
    <p class="kicker">${plan.campaign}</p>
    <h1>${plan.title}</h1>
    <div class="outcome">
      ${mark(tone)}
      <div>
        <p class="outcome-word">${outcomeWord(outcome)}</p>
        <p class="outcome-sentence">${outcomeSentence(stored)}</p>
      </div>
    </div>
    ${plan.description === "" ? undefined : html`<p class="description">${plan.description}</p>`}
    <ul class="facts">
      ${fact("seed", String(run.seed))} ${fact("operations", formatNumber(history.operations.length))}
      ${fact("workers", String(plan.workers.length))} ${fact("system", plan.system.kind)}
      ${fact("workload", plan.workload)}
      ${fact("clients", plan.profile === "raw" ? "raw: no resend, no retry" : "app: the library's defaults")}
      ${fact("Redis", run.redisVersion)} ${fact("host", run.host)}
      ${fact("duration", formatLength(run.durationMs * 1000))} ${fact("started", startedAt(run.startedAt))}
    </ul>
    ${notes(stored)}
  </header>`;
}

function outcomeSentence({ run, verdict }: StoredRun): string {
  if (run.failure !== undefined) return failureInWords(run.failure);
  return (
    verdict?.sentence ??
    "Nobody has judged this run: it has no sound verdict.json. Its history is shown as far as it goes."
  );
}

function fact(name: string, value: string): Markup {
  return html`<li><span>${name}</span> <b>${value}</b></li>`;
}

/** `2026-11-25 00:40:12 UTC`; anything that is no time is shown as it is. */
export function startedAt(iso: string): string {
  return iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/, "$1 $2 UTC");
}

function notes({ run, verdict, warnings }: StoredRun): Fragment {
  return [
    notice("Doubts: no claim of this run can be trusted", verdict?.doubts ?? []),
    run.interrupted === true ? notice("This run was interrupted before its plan had ended", []) : undefined,
    notice("This run is not complete on disk", warnings),
    run.note === undefined ? undefined : notice("Note", [run.note], "plain"),
  ];
}

function notice(title: string, sentences: readonly string[], kind = "warning"): Fragment {
  if (sentences.length === 0 && !title.startsWith("This run was")) return undefined;
  return html`<div class="notice ${kind}" role="note">
    <b>${title}</b>
    ${
      sentences.length === 0
        ? undefined
        : html`<ul>
            ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
          </ul>`
    }
  </div>`;
}
