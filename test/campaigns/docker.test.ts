/** Campaigns of every kind of topology, in containers: what they show does not depend on where the nodes run. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { campaigns } from "../../campaigns/index.ts";
import { judge } from "../../checkers/judge/judge.ts";
import { readHistory } from "../../history/read.ts";
import { DEFAULT_VERSION } from "../../hosts/docker/server-image.ts";
import { runPlan } from "../../runner/run-plan.ts";
import { dockerMissing, dockerNote, IMAGE_TIMEOUT_MS } from "../support/docker-nodes.ts";
import { runningForThisProcess } from "../support/own-processes.ts";

const results = mkdtempSync(join(tmpdir(), "test-results-"));
afterAll(() => rmSync(results, { recursive: true }));

const RUNS = [
  ["lock-simple-paused-holder", "8.0"],
  ["lock-simple-paused-holder", "valkey-8.1"],
  ["redlock-clock-jump", DEFAULT_VERSION],
  ["sentinel-split-brain", DEFAULT_VERSION],
  ["cluster-isolated-primary", DEFAULT_VERSION],
] as const;

describe.skipIf(dockerMissing)(`in Docker${dockerNote}`, { timeout: IMAGE_TIMEOUT_MS }, () => {
  it.each(RUNS)("%s shows on %s what it is built to show", async (name, redis) => {
    const campaign = campaigns.find((each) => each.name === name);
    if (campaign === undefined) throw new Error(`there is no campaign ${name}`);
    const plan = campaign.plan(20_261_125);
    const { folder } = await runPlan(plan, {
      results,
      host: "docker",
      redis,
      commandLine: `redquake campaigns ${name}`,
      observer: () => undefined,
      signal: new AbortController().signal,
    });
    expect(JSON.parse(readFileSync(join(folder, "run.json"), "utf8"))).toMatchObject({ host: "docker" });
    const { history, warnings } = await readHistory(join(folder, "history.jsonl"));
    const verdict = judge(plan, history);
    expect([...warnings, ...verdict.doubts]).toEqual([]);
    const came = verdict.claims.map(({ claim, result }) => [claim.id, result.verdict, result.reason]);
    expect(came).toEqual(plan.claims.map((claim) => [claim.id, claim.expect, expect.any(String)]));
    expect(runningForThisProcess(), "processes left behind").toEqual([]);
  });
});
