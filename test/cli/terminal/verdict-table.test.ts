import { describe, expect, it } from "vitest";
import type { CampaignEnd } from "../../../session/runs/campaign-end.ts";
import { colorsFor } from "../../../cli/terminal/colors.ts";
import { verdictTable } from "../../../cli/terminal/verdict-table.ts";
import type { JudgedClaim } from "../../../checkers/judge/verdict.ts";
import type { Claim, ClaimVerdict } from "../../../history/plan.ts";

const plain = colorsFor({}, {});

function judgedClaim(
  statement: string,
  standing: Claim["standing"],
  expected: Claim["expect"],
  verdict: ClaimVerdict,
): JudgedClaim {
  const claim = { id: statement, statement, standing, source: "", checker: "", options: {} };
  return {
    claim: expected === undefined ? claim : { ...claim, expect: expected },
    result: { verdict, reason: "", findings: [], count: 0, figures: {} },
  };
}

function judged(campaign: string, claims: readonly JudgedClaim[]): CampaignEnd {
  const verdict = { version: 1, campaign, seed: 7, outcome: "passed", sentence: "", claims, doubts: [] } as const;
  const run = { folder: "", verdict, operations: 0, report: "", index: undefined, adapter: undefined, warnings: [] };
  return { campaign, seed: 7, seconds: 12.34, kind: "judged", judged: run };
}

const ends: CampaignEnd[] = [
  judged("lock-paused", [
    judgedClaim("nobody else gets the lock", "promised", "holds", "broken"),
    judgedClaim("a paused holder is safe", "hoped", "broken", "broken"),
    judgedClaim("writes are in order", "hoped", "broken", "holds"),
    judgedClaim("somebody gets the lock", "promised", "holds", "holds"),
    judgedClaim("messages arrive", "hoped", undefined, "broken"),
    judgedClaim("nothing is lost", "promised", "holds", "vacuous"),
    judgedClaim("reads are fresh", "promised", "holds", "unknown"),
  ]),
  { campaign: "redlock-skewed", seed: 7, seconds: 0, kind: "skipped", reason: "it needs the fault shim" },
  { campaign: "cluster", seed: 7, seconds: 3, kind: "harness-failed", reason: "n1 did not start\nits log" },
];

describe("verdictTable", () => {
  it("has a row per claim, and says in words what became of it", () => {
    const rows = verdictTable(ends, 120, plain)
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect(rows).toEqual([
      ["campaign", "claim", "standing", "verdict", "time", "seed"],
      ["lock-paused", "nobody else gets the lock", "promised", "BROKEN", "12.3 s", "7"],
      ["", "a paused holder is safe", "hoped", "broken (demonstrated)"],
      ["", "writes are in order", "hoped", "not demonstrated"],
      ["", "somebody gets the lock", "promised", "holds"],
      ["", "messages arrive", "hoped", "broken (not promised)"],
      ["", "nothing is lost", "promised", "vacuous"],
      ["", "reads are fresh", "promised", "unknown"],
      ["redlock-skewed", "it needs the fault shim", "skipped", "0.0 s", "7"],
      ["cluster", "n1 did not start", "HARNESS FAILED", "3.0 s", "7"],
    ]);
  });

  it("wraps sentences so that it fits the terminal", () => {
    const long = judged("lock-paused", [
      judgedClaim("a sentence of many words ".repeat(10).trim(), "promised", "holds", "holds"),
    ]);
    const lines = verdictTable([long], 90, plain).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(90);
    expect(lines.length).toBeGreaterThan(4);
  });
});
