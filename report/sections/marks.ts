/** Small shapes that say by form what colour says too: nobody has to tell red from green. */
import type { Claim, ClaimVerdict } from "../../history/plan.ts";
import type { Markup } from "../markup.ts";
import { html, trusted } from "../markup.ts";
import type { RunOutcome } from "../../store/run-outcome.ts";

export type Tone = "good" | "bad" | "shown" | "unsure" | "quiet";

const SHAPES: Readonly<Record<Tone, string>> = {
  good: '<path d="M3.2 8.6l3.2 3.2 6.4-7"/>',
  bad: '<path d="M4 4l8 8M12 4l-8 8"/>',
  shown: '<path d="M8 2.6L13.4 8 8 13.4 2.6 8z"/>',
  unsure: '<path d="M5.2 6a2.8 2.8 0 1 1 4.2 2.4c-.9.5-1.4 1-1.4 2M8 13.2v.1"/>',
  quiet: '<path d="M3.5 8h9"/>',
};

export function mark(tone: Tone): Markup {
  return trusted(`<svg class="mark ${tone}" viewBox="0 0 16 16" aria-hidden="true">${SHAPES[tone]}</svg>`);
}

export function chip(tone: Tone, text: string): Markup {
  return html`<span class="chip ${tone}">${mark(tone)}${text}</span>`;
}

/** How a run's outcome is shown; undefined is a run that was never judged. */
export function outcomeTone(outcome: RunOutcome | undefined): Tone {
  if (outcome === undefined || outcome === "not-applicable") return "quiet";
  if (outcome === "failed" || outcome === "harness-failed") return "bad";
  return outcome === "passed" ? "good" : "unsure";
}

const OUTCOME_WORDS: Readonly<Record<RunOutcome, string>> = {
  "harness-failed": "Harness failed",
  passed: "Passed",
  failed: "Failed",
  undecided: "Undecided",
  "not-demonstrated": "Not demonstrated",
  "not-applicable": "Not applicable",
};

export function outcomeWord(outcome: RunOutcome | undefined): string {
  return outcome === undefined ? "Not judged" : OUTCOME_WORDS[outcome];
}

/** A verdict's colour depends on what it is a verdict of: a hope that breaks is shown, a promise that breaks is bad. */
export function verdictTone(claim: Claim, verdict: ClaimVerdict | undefined): Tone {
  if (verdict === undefined) return "quiet";
  if (verdict === "holds") return claim.expect === "broken" ? "unsure" : "good";
  if (verdict === "broken") return claim.standing === "promised" ? "bad" : "shown";
  return "unsure";
}
