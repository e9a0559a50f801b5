/**
 * What the terminal says of one judged claim: its verdict with the reason, and what was done under the faults where it
 * holds.
 */
import { coverageLines } from "../../checkers/judge/coverage-words.ts";
import type { JudgedClaim } from "../../checkers/judge/verdict.ts";
import { claimWords } from "../../report/claim-words.ts";
import type { Colors } from "./colors.ts";
import { paint } from "./colors.ts";

export function claimLines(judged: JudgedClaim, colors: Colors): string[] {
  const { claim, result } = judged;
  const { words, tone } = claimWords(judged);
  const done = result.verdict === "holds" && result.coverage !== undefined ? coverageLines(result.coverage) : [];
  return [
    `  ${paint(colors, tone)(words)}: ${claim.statement} ${colors.dim(result.reason)}`,
    ...done.map((line) => `    ${colors.dim(line)}`),
  ];
}
