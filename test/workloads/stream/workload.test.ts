/** The stream workload on a server that goes away and comes back with its data. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { swarmStreams } from "../../../campaigns/swarm/streams.ts";
import { judge } from "../../../checkers/judge/judge.ts";
import { readHistory } from "../../../history/read.ts";
import { parseSchedule } from "../../../nemesis/schedule/parse.ts";
import { runPlan } from "../../../runner/run-plan.ts";

const results = mkdtempSync(join(tmpdir(), "streams-test-"));
afterAll(() => rmSync(results, { recursive: true }));

it("consumers connect again, and every entry is acknowledged in the end, for certain", async () => {
  const faults = parseSchedule(
    "on deliver #20: kill n1 keepData=true for 400ms; after kill healed +200ms: link w4 <-> n1 lose-reply for 400ms; " +
      // The load goes on until so many were added, however long producers take to connect again.
      "on add #200: pause w6 for 50ms",
  );
  const plan = { ...swarmStreams.plan(1), loadMs: 1_500, settleMs: 2_500, faults };
  const { folder } = await runPlan(plan, {
    results,
    host: "process",
    redis: undefined,
    commandLine: "redquake campaigns swarm-streams",
    observer: () => undefined,
    signal: new AbortController().signal,
  });
  const { history } = await readHistory(join(folder, "history.jsonl"));
  const verdict = judge(plan, history);
  expect(verdict.doubts).toEqual([]);
  expect(verdict.claims.find(({ claim }) => claim.id === "no-loss")?.result).toMatchObject({ verdict: "holds" });
  // Who asks without a pause records tens of thousands in the time without a server.
  expect(history.operations.length).toBeLessThan(10_000);
});
