/** The table at the end: one row per claim, under its campaign. */
import Table from "cli-table3";
import type { CampaignEnd } from "../../session/runs/campaign-end.ts";
import { outcomeSentence, titleOf } from "../../session/runs/campaign-end.ts";
import { claimWords } from "../../report/claim-words.ts";
import type { Tone } from "../../report/claim-words.ts";
import type { Colors } from "./colors.ts";
import { paint } from "./colors.ts";
import { oneLine, onOneLine } from "./terminal-text.ts";
import { NO_LINES } from "./table-lines.ts";

/** Narrower than this, the sentences would have a word per line. */
const NARROWEST = 60;
const GAP = 2;

interface Row {
  readonly campaign: string;
  readonly claim: string;
  readonly standing: string;
  readonly verdict: string;
  readonly tone: Tone;
  readonly seconds: string;
  readonly seed: string;
}

/** @param width how many columns the reader's terminal has */
export function verdictTable(ends: readonly CampaignEnd[], width: number, colors: Colors): string {
  const head: Row = {
    campaign: "campaign",
    claim: "claim",
    standing: "standing",
    verdict: "verdict",
    tone: "good",
    seconds: "time",
    seed: "seed",
  };
  const rows = ends.flatMap(rowsOf);
  const longest = (cell: keyof Row): number => Math.max(...[head, ...rows].map((row) => row[cell].length)) + GAP;
  const others = (["campaign", "standing", "verdict", "seconds", "seed"] as const).map(longest);
  const [campaign, standing, verdict, seconds, seed] = others as [number, number, number, number, number];
  const claim = Math.max(NARROWEST / 2, Math.max(width, NARROWEST) - others.reduce((sum, column) => sum + column, 0));
  const table = new Table({
    head: [head.campaign, head.claim, head.standing, head.verdict, head.seconds, head.seed].map(colors.dim),
    colWidths: [campaign, Math.min(claim, longest("claim")), standing, verdict, seconds, seed],
    colAligns: ["left", "left", "left", "left", "right", "right"],
    wordWrap: true,
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
  });
  for (const row of rows) {
    table.push([
      colors.bold(row.campaign),
      row.claim,
      row.standing,
      paint(colors, row.tone)(row.verdict),
      row.seconds,
      row.seed,
    ]);
  }
  return table.toString().replaceAll(/[ \t]+$/gm, "");
}

/** A campaign's name, time and seed stand at its first claim only. */
function rowsOf(end: CampaignEnd): Row[] {
  const first = { campaign: titleOf(end), seconds: `${end.seconds.toFixed(1)} s`, seed: String(end.seed) };
  if (end.kind !== "judged") {
    const verdict = end.kind === "harness-failed" ? "HARNESS FAILED" : end.kind;
    const tone = end.kind === "harness-failed" ? "bad" : "doubtful";
    const claim = oneLine(outcomeSentence(end).split("\n")[0] ?? "");
    return [{ ...first, claim, standing: "", verdict, tone }];
  }
  return onOneLine(end.judged.verdict.claims).map((judged, i) => {
    const { words, tone } = claimWords(judged);
    const campaign = i === 0 ? first : { campaign: "", seconds: "", seed: "" };
    return { ...campaign, claim: judged.claim.statement, standing: judged.claim.standing, verdict: words, tone };
  });
}
