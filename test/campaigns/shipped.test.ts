/**
 * Shipped campaigns, run for real: what is hoped breaks, what is promised holds, every probe saw its fault, and nothing
 * is left behind. The locks of the nightly suite are left to the night, which judges them by the same expectations;
 * `REDQUAKE_TEST_CAMPAIGNS=all` runs them here, too.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { campaigns } from "../../campaigns/index.ts";
import { judge } from "../../checkers/judge/judge.ts";
import { readHistory } from "../../history/read.ts";
import { RunProcesses } from "../../runner/run-processes.ts";
import { runningForThisProcess } from "../support/own-processes.ts";

const ALL = process.env["REDQUAKE_TEST_CAMPAIGNS"] === "all";
const chosen = campaigns.filter(({ name, suite, plan }) => {
  const { system, workload } = plan(1);
  const isLockOnRedis = workload === "lock" && !["etcd", "zookeeper"].includes(system.kind);
  return ALL || suite !== "nightly" || !isLockOnRedis || name.startsWith("swarm-");
});

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
    async (_name, campaign) => {
      const plan = campaign.plan(20_261_125);
      const { folder } = await processes.run(plan, {
        results,
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
