/**
 * Shipped campaigns, run for real: what is hoped breaks, what is promised holds, every probe saw its fault, and nothing
 * is left behind.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Plan } from "../../history/plan.ts";
import { readHistory } from "../../history/read.ts";
import type { Progress } from "../../runner/progress.ts";
import { RunProcesses } from "../../runner/run-processes.ts";
import { judgeRun } from "../../session/judge/judge-run.ts";
import { specimens } from "../../workloads/lock/specimens/registry.ts";
import { runningForThisProcess } from "../support/own-processes.ts";
import { undeclaredValues } from "../support/recorded-values.ts";
import { chosenCampaigns } from "./chosen-campaigns.ts";

const SEED = 20_261_125;
/** A run that tells nothing for so long is stuck; how long it takes in all depends on how busy the machine is. */
const SILENCE_MS = 240_000;

const chosen = chosenCampaigns(process.env["REDQUAKE_TEST_CAMPAIGNS"] === "all");

const processes = new RunProcesses({
  kind: "process",
  reason: undefined,
  redis: undefined,
  toxiproxy: { kind: "embedded" },
});
const results = mkdtempSync(join(tmpdir(), "test-results-"));
afterAll(async () => {
  await processes[Symbol.asyncDispose]();
  rmSync(results, { recursive: true });
  expect(runningForThisProcess(), "processes left behind").toEqual([]);
});

describe("shipped campaigns", () => {
  // Side by side, as with --jobs: most of a run is waiting.
  it.concurrent.each(chosen.map((campaign) => [campaign.name, campaign] as const))(
    "%s shows what it is built to show",
    { timeout: 0 },
    async (name, campaign) => {
      const plan = campaign.plan(SEED);
      const folder = await runWhileItTells(plan, name);
      const { verdict, warnings } = await judgeRun(folder);
      expect(warnings).toEqual([]);
      const { history } = await readHistory(join(folder, "history.jsonl"));
      expect(undeclaredValues(plan, history)).toEqual([]);
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

  it("the campaigns of npm test have every specimen of a lock", () => {
    const plans = chosenCampaigns(false).map((campaign) => JSON.stringify(campaign.plan(SEED)));
    const missing = specimens.filter(({ lock }) => !plans.some((plan) => plan.includes(JSON.stringify(lock.name))));
    expect(missing.map(({ lock }) => lock.name)).toEqual([]);
  });
});

/** Makes the run. Resolves with its folder; rejects when the run tells nothing for `SILENCE_MS`. */
async function runWhileItTells(plan: Plan, name: string): Promise<string> {
  const { promise: stuck, reject } = Promise.withResolvers<never>();
  let last = "nothing";
  const interrupt = new AbortController();
  const timer = setTimeout(() => {
    interrupt.abort();
    reject(new Error(`${name} has told nothing for ${SILENCE_MS / 1_000} s; its last word was ${last}`));
  }, SILENCE_MS);
  const observer = (progress: Progress): void => {
    last = JSON.stringify(progress);
    timer.refresh();
  };
  const run = processes.run(plan, {
    results,
    commandLine: `redquake campaigns ${name}`,
    observer,
    signal: interrupt.signal,
  });
  try {
    return (await Promise.race([run, stuck])).folder;
  } finally {
    clearTimeout(timer);
  }
}
