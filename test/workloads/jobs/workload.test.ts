/** The workload of jobs with a version of BullMQ whose workers are known to stop: that they do is found. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { jobsDemotedServer } from "../../../campaigns/jobs/demoted-server.ts";
import { judge } from "../../../checkers/judge/judge.ts";
import { readHistory } from "../../../history/read.ts";
import { runPlan } from "../../../runner/run-plan.ts";
import { queueLibraryNamed } from "../../../workloads/jobs/queue-library.ts";

const results = mkdtempSync(join(tmpdir(), "jobs-test-"));
afterAll(() => rmSync(results, { recursive: true }));

// Installing takes a while where nothing is in npm's cache.
it("finds that workers of BullMQ 1.34.2 stop when their wait ends with UNBLOCKED", { timeout: 180_000 }, async () => {
  const shipped = jobsDemotedServer.plan(1);
  const plan = { ...shipped, options: { ...shipped.options, queue: "bullmq@1.34.2" } };
  const { folder } = await runPlan(plan, {
    results,
    host: "process",
    redis: undefined,
    commandLine: "redquake campaigns jobs-demoted-server",
    observer: () => undefined,
    signal: new AbortController().signal,
  });
  const { history } = await readHistory(join(folder, "history.jsonl"));
  const { claims, outcome } = judge(plan, history);
  const broken = claims.filter(({ result }) => result.verdict === "broken").map(({ claim }) => claim.id);
  expect(broken).toEqual(["w2-goes-on", "w3-goes-on", "no-loss"]);
  expect(outcome).toBe("failed");
});

describe("names of job queues", () => {
  it("carry the version to be installed, and what lies beside it", () => {
    const library = { name: "bullmq", version: "6.4.0", beside: ["ioredis@5.11.1"] };
    expect(queueLibraryNamed("bullmq@6.4.0")).toEqual(library);
  });

  it.each(["bullmq", "bullmq@6", "bullmq@5.1.0", "bull@4.16.5"])("refuses %s", (name) => {
    expect(() => queueLibraryNamed(name)).toThrow(/there is no job queue .*bullmq@1\.34\.2, bullmq@6\.7\.0/);
  });
});
