/** A plan carried out on plain servers, for what its history says: nothing of the run stays. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { History } from "../../history/history.ts";
import type { Plan } from "../../history/plan.ts";
import { readHistory } from "../../history/read.ts";
import { runPlan } from "../../runner/run-plan.ts";

export async function historyOfPlan(plan: Plan): Promise<History> {
  const results = mkdtempSync(join(tmpdir(), "test-results-"));
  try {
    const { folder } = await runPlan(plan, {
      results,
      host: "process",
      redis: undefined,
      commandLine: "redquake replay",
      observer: () => undefined,
      signal: new AbortController().signal,
    });
    return (await readHistory(join(folder, "history.jsonl"))).history;
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
}
