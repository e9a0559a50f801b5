/** Extensions in whole runs on a real server: one that comes in time, and one that comes too late. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { fieldOf } from "../../../history/vocabulary/read.ts";
import type { Operation } from "../../../history/operation.ts";
import type { Plan } from "../../../history/plan.ts";
import { readHistory } from "../../../history/read.ts";
import { runPlan } from "../../../runner/run-plan.ts";

const TTL_MS = 1_000;

const PLAN: Plan = {
  version: 1,
  campaign: "test",
  title: "Extensions",
  description: "Two clients extend their lock before they write; one is paused before it does.",
  seed: 3,
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: TTL_MS, extendAt: "critical-section" },
  profile: "raw",
  workers: [
    { name: "w1", role: "client", seed: 1, options: {} },
    { name: "w2", role: "client", seed: 2, options: {} },
    { name: "reader", role: "reader", seed: 3, options: {} },
  ],
  loadMs: 2_000,
  settleMs: 0,
  faults: [
    {
      id: "pause",
      kind: "pause",
      options: { target: "w1" },
      start: { at: { worker: "w1", point: "before-extend", occurrence: 2 } },
      end: { afterMs: 3 * TTL_MS },
    },
  ],
  claims: [],
};

it("an extension prolongs the lock; one that comes after another client got it does not, and nothing is written", async () => {
  const results = mkdtempSync(join(tmpdir(), "test-results-"));
  const { folder } = await runPlan(PLAN, {
    results,
    host: "process",
    redis: undefined,
    commandLine: "",
    observer: () => undefined,
    signal: new AbortController().signal,
  });
  const { history } = await readHistory(join(folder, "history.jsonl"));
  rmSync(results, { recursive: true, force: true });
  const of = (f: string, type: string): Operation[] =>
    history.operations.filter((operation) => operation.f === f && operation.completion?.type === type);
  const extended = of("extend", "ok").map(({ completion }) => completion && fieldOf(completion, "validForMs"));
  expect(extended.length).toBeGreaterThan(0);
  expect(extended.every((ms) => typeof ms === "number" && ms <= TTL_MS)).toBe(true);
  const [refused, ...others] = of("extend", "fail");
  expect(others).toEqual([]);
  expect(refused?.completion).toMatchObject({ worker: "w1", error: "not extended" });
  const grant = refused === undefined ? undefined : fieldOf(refused.invoke, "grant");
  expect(history.operations.filter(({ f, invoke }) => f === "write" && fieldOf(invoke, "grant") === grant)).toEqual([]);
});
