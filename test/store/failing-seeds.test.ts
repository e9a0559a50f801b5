import { describe, expect, it } from "vitest";
import type { CampaignOutcome } from "../../checkers/judge/verdict.ts";
import type { FailingSeed } from "../../store/failing-seeds.ts";
import { formatFailingSeeds, parseFailingSeeds, RETIRED_AFTER, updateFailingSeeds } from "../../store/failing-seeds.ts";
import type { RunSummary } from "../../store/stored-run.ts";
import { lockRun } from "../report/lock-run.ts";

const { run, verdict } = lockRun({ seed: 1, workers: 2, keys: 1, loadMs: 500 });

/** A run of one campaign on some night. */
function ended(seed: number, night: number, outcome: CampaignOutcome, interrupted = false): RunSummary {
  if (verdict === undefined) throw new Error("the run of the tests has no verdict");
  const startedAt = `2026-11-${String(night).padStart(2, "0")}T03:17:00.000Z`;
  return {
    folder: `results/${run.campaign}/${night}-${seed}`,
    campaign: run.campaign,
    name: `${night}-${seed}`,
    seed,
    startedAt,
    run: { ...run, seed, startedAt, interrupted },
    verdict: { ...verdict, seed, outcome },
    hasReport: true,
    warnings: [],
  };
}

function after(...nights: readonly (readonly RunSummary[])[]): FailingSeed[] {
  return nights.reduce<FailingSeed[]>((known, runs) => updateFailingSeeds(known, runs), []);
}

const failed = ended(7, 1, "failed");
const passes = (count: number): RunSummary[][] => Array.from({ length: count }, (_, i) => [ended(7, i + 2, "passed")]);

describe("updateFailingSeeds", () => {
  it("remembers what did not end well, the worst first", () => {
    const known = after([ended(3, 1, "undecided"), failed, ended(8, 1, "passed"), ended(2, 1, "not-demonstrated")]);
    expect(known.map(({ seed, outcome }) => [seed, outcome])).toEqual([
      [7, "failed"],
      [3, "undecided"],
      [2, "not-demonstrated"],
    ]);
    expect(parseFailingSeeds(formatFailingSeeds(known))).toEqual(known);
  });

  it("lets a seed go only after it has ended well several nights in a row", () => {
    expect(after([failed], ...passes(RETIRED_AFTER - 1))).toMatchObject([{ seed: 7, passedSince: RETIRED_AFTER - 1 }]);
    expect(after([failed], ...passes(RETIRED_AFTER))).toEqual([]);
    const again = [ended(7, 20, "undecided")];
    expect(after([failed], ...passes(RETIRED_AFTER - 1), again)).toMatchObject([
      { seed: 7, passedSince: 0, firstSeen: failed.startedAt, lastRun: "2026-11-20T03:17:00.000Z" },
    ]);
  });

  it("takes a night for good only when it was so on every server", () => {
    const night = [ended(7, 2, "passed"), ended(7, 2, "failed"), ended(7, 2, "passed")];
    expect(after([failed], night)).toMatchObject([{ seed: 7, outcome: "failed", passedSince: 0 }]);
  });

  it("counts no run twice", () => {
    const [night = []] = passes(1);
    expect(after([failed], night, night, night)).toMatchObject([{ passedSince: 1 }]);
    expect(after([failed], [failed])).toEqual(after([failed]));
  });

  it("keeps seeds that were not run, and learns nothing from runs that were interrupted", () => {
    const known = after([failed]);
    expect(updateFailingSeeds(known, [])).toEqual(known);
    expect(updateFailingSeeds(known, [ended(7, 2, "passed", true), ended(9, 2, "undecided", true)])).toEqual(known);
  });
});
