/** What a cell of locks × campaigns says of its runs. */
import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import type { JudgedClaim, Verdict } from "../../../checkers/judge/verdict.ts";
import type { ClaimVerdict } from "../../../history/plan.ts";
import { familiesOf, lockMatrix } from "../../../report/locks/lock-matrix.ts";
import type { LockRun } from "../../../report/locks/lock-matrix.ts";
import { lockMatrixTable } from "../../../report/sections/lock-matrix.ts";

function claim(checker: string, verdict: ClaimVerdict, more: Partial<CheckResult> = {}): JudgedClaim {
  const [name = checker, level] = checker.split("/");
  const options = level === undefined ? {} : { level };
  return {
    claim: { id: name, statement: "", standing: "promised", source: "", checker: name, options },
    result: { verdict, reason: "", findings: [], count: verdict === "broken" ? 1 : 0, figures: {}, ...more },
  };
}

function run(...claims: JudgedClaim[]): LockRun {
  const verdict: Verdict = {
    version: 1,
    campaign: "c",
    seed: 1,
    outcome: "passed",
    sentence: "",
    claims,
    doubts: [],
  };
  return { lock: "a", campaign: "c", verdict };
}

function words(...runs: LockRun[]): string | undefined {
  return lockMatrix(runs).cell("a", "c")?.words;
}

describe("a cell", () => {
  it("names the levels that are broken, the promise first", () => {
    const levels = ["lock-resource", "lock-overlap/belief", "lock-token-order", "lock-overlap/grant"];
    expect(words(run(...levels.map((each) => claim(each, "broken"))))).toBe("broken: grant, belief, resource, tokens");
    expect(words(run(claim("lock-overlap/grant", "broken"), claim("lock-overlap/belief", "holds")))).toBe(
      "broken: grant",
    );
  });

  it("says which of the levels that broke nobody promises", () => {
    const hoped = (checker: string): JudgedClaim => {
      const { claim: of, result } = claim(checker, "broken");
      return { claim: { ...of, standing: "hoped" }, result };
    };
    const cell = (...claims: JudgedClaim[]) => lockMatrix([run(...claims)]).cell("a", "c");
    expect(cell(hoped("lock-overlap/grant"), claim("lock-overlap/belief", "broken"))).toMatchObject({
      words: "broken: grant (hoped), belief",
      tone: "bad",
    });
    expect(cell(hoped("lock-overlap/grant"), hoped("lock-progress"))).toMatchObject({
      words: "broken: grant (hoped); hangs (hoped)",
      tone: "shown",
    });
    // Where one level is promised in one claim and hoped in another, the promise counts.
    expect(words(run(hoped("lock-resource"), claim("lock-resource", "broken")))).toBe("broken: resource");
  });

  it("leaves out what no fault of the campaign can be about", () => {
    const none: JudgedClaim = { ...claim("lock-overlap/belief", "vacuous"), inapplicable: true };
    expect(words(run(none))).toBe("not applicable");
    expect(words(run(none, claim("lock-resource", "holds")))).toBe("holds");
    expect(words(run(none, claim("lock-resource", "broken")))).toBe("broken: resource");
    expect(words(run({ ...claim("lock-overlap/grant", "broken"), inapplicable: true }))).toBe("broken: grant");
  });

  it("says that a lock hangs which nobody gets", () => {
    expect(words(run(claim("lock-progress", "broken"), claim("lock-overlap/grant", "vacuous")))).toBe("hangs");
    expect(words(run(claim("lock-progress", "broken"), claim("lock-resource", "broken")))).toBe(
      "broken: resource; hangs",
    );
  });

  it("holds only when every claim of every run does", () => {
    const good = run(claim("lock-overlap/grant", "holds"), claim("lock-resource", "holds"));
    expect(words(good, good)).toBe("holds");
    expect(words(good, run(claim("lock-resource", "vacuous")))).toBe("vacuous");
    expect(words(good, run(claim("lock-resource", "unknown")))).toBe("unknown");
    expect(words(good, run(claim("lock-resource", "broken")), good)).toBe("broken: resource");
  });

  it("tells what was not run from what is not for such a lock", () => {
    const skipped: LockRun = { lock: "a", campaign: "c", verdict: undefined };
    const matrix = lockMatrix([skipped, { ...run(claim("lock-resource", "holds")), lock: "b", campaign: "d" }]);
    expect(matrix.cell("a", "c")?.words).toBe("not run");
    expect(matrix.cell("a", "d")).toBeUndefined();
    expect(matrix.cell("b", "d")?.words).toBe("holds");
  });

  it("stands in a table with what it has something in common with", () => {
    const at = (lock: string, campaign: string): LockRun => ({
      ...run(claim("lock-resource", "holds")),
      lock,
      campaign,
    });
    const runs = [at("e", "z"), at("b", "y"), at("a", "x"), at("c", "x"), at("c", "y"), at("d", "w")];
    expect(familiesOf(lockMatrix(runs))).toEqual([
      { locks: ["d"], campaigns: ["w"] },
      { locks: ["a", "b", "c"], campaigns: ["x", "y"] },
      { locks: ["e"], campaigns: ["z"] },
    ]);
  });

  it("leads to a run in which it can be seen", () => {
    const good = run(claim("lock-resource", "holds"));
    const bad = run(claim("lock-resource", "broken"));
    expect(lockMatrix([good, bad]).cell("a", "c")?.shown).toBe(bad);
  });
});

describe("the table on the list of runs", () => {
  const hoped = claim("lock-overlap/grant", "broken");
  const table = (each: JudgedClaim): string => lockMatrixTable([{ ...run(each), href: "report.html" }]).text;

  it("says what a level means that is marked as hoped, where one is", () => {
    expect(table({ ...hoped, claim: { ...hoped.claim, standing: "hoped" } })).toContain(
      "(hoped): nobody promises that level of such a lock",
    );
    expect(table(hoped)).not.toContain("nobody promises");
  });
});
