/** Every shipped campaign, run for real: what is hoped breaks, what is promised holds, every probe saw its fault, and nothing is left behind. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { campaigns } from "../../campaigns/index.ts";
import { judge } from "../../checkers/judge.ts";
import { readHistory } from "../../history/read.ts";
import { runPlan } from "../../runner/run-plan.ts";
import { runningForThisProcess } from "../support/own-processes.ts";

const results = mkdtempSync(join(tmpdir(), "test-results-"));
afterAll(() => {
  rmSync(results, { recursive: true });
  expect(runningForThisProcess(), "processes left behind").toEqual([]);
});

describe("shipped campaigns", () => {
  // Three side by side, as with --jobs 3: most of a run is waiting.
  it.concurrent.each(campaigns.map((campaign) => [campaign.name, campaign] as const))(
    "%s shows what it is built to show",
    async (_name, campaign) => {
      const plan = campaign.plan(20_261_125);
      const { folder } = await runPlan(plan, {
        results,
        host: "process",
        redis: undefined,
        commandLine: `redquake campaigns ${campaign.name}`,
        observer: () => undefined,
        signal: new AbortController().signal,
      });
      const { history, warnings } = await readHistory(join(folder, "history.jsonl"));
      const verdict = judge(plan, history);
      expect(warnings).toEqual([]);
      expect(verdict.doubts).toEqual([]);
      const came = verdict.claims.map(({ claim, result }) => [claim.id, result.verdict, result.reason]);
      // Where faults are drawn, a hope may hold or break.
      const wanted = plan.claims.map(
        ({ id, expect: wantedVerdict = expect.stringMatching(/^(?:holds|broken)$/) as unknown }) => [
          id,
          wantedVerdict,
          expect.any(String),
        ],
      );
      expect(came).toEqual(wanted);
      expect(verdict.outcome).toBe("passed");
    },
  );
});
