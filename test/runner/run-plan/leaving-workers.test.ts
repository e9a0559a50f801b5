/**
 * Workers that are shut down, and one that stalls, in whole runs: the history stays whole, and the run goes on without
 * them.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { faultMoment } from "../../../history/nemesis-event.ts";
import type { FaultPlan, Plan, WorkerPlan } from "../../../history/plan.ts";
import { readHistory } from "../../../history/read.ts";
import { runPlan } from "../../../runner/run-plan.ts";
import { runningForThisProcess } from "../../support/own-processes.ts";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  expect(runningForThisProcess(), "processes left behind").toEqual([]);
});

async function run(plan: Pick<Plan, "workload" | "options" | "workers" | "faults">) {
  const results = mkdtempSync(join(tmpdir(), "test-results-"));
  folders.push(results);
  const { folder } = await runPlan(
    {
      version: 1,
      campaign: "test",
      title: "A small run",
      description: "Workers that leave.",
      seed: 5,
      system: { kind: "single", options: {} },
      profile: "raw",
      loadMs: 900,
      settleMs: 0,
      claims: [],
      ...plan,
    },
    {
      results,
      host: "process",
      redis: undefined,
      commandLine: "redquake replay",
      observer: () => undefined,
      signal: new AbortController().signal,
    },
  );
  return (await readHistory(join(folder, "history.jsonl"))).history.events;
}

const worker = (name: string, role: string, options: WorkerPlan["options"] = {}): WorkerPlan => ({
  name,
  role,
  seed: 1,
  options,
});
const fault = (kind: string, target: string, options: FaultPlan["options"] = {}): FaultPlan => ({
  id: `${kind} ${target}`,
  kind,
  options: { target, ...options },
  start: { afterMs: 250 },
});

type Events = Awaited<ReturnType<typeof run>>;

const timeOf = (events: Events, id: string, stage: string): number =>
  events.find((event) => faultMoment(event)?.fault === id && faultMoment(event)?.stage === stage)?.time ?? Number.NaN;

/** Every invocation has its completion, and the worker does nothing after it has gone. */
function expectLeft(events: Events, name: string): void {
  const own = events.filter((event) => event.worker === name);
  expect(own.filter((event) => event.type === "invoke").length).toBe(own.length / 2);
  expect(Math.max(0, ...own.map((event) => event.time))).toBeLessThan(timeOf(events, `shutdown ${name}`, "active"));
}

describe("a worker that is shut down", () => {
  it("finishes its operation and goes; acknowledged elements stay, and a reader that goes reads nothing", async () => {
    const events = await run({
      workload: "set",
      options: { keys: ["a"] },
      workers: [worker("w1", "adder"), worker("w2", "adder"), worker("w3", "reader"), worker("w4", "reader")],
      faults: [fault("shutdown", "w1"), fault("shutdown", "w4"), fault("stall", "w2", { ms: 400 })],
    });
    expectLeft(events, "w1");
    expectLeft(events, "w4");
    const reads = events.filter((event) => event.f === "read" && event.type === "ok");
    expect(reads.map((event) => event.worker)).toEqual(["w3"]);
    const elements = new Set(reads.flatMap((event) => (event.value as [string, number[]])[1]));
    const added = events.filter((event) => event.f === "add" && event.type === "ok");
    expect(added.filter((event) => event.worker === "w1").length).toBeGreaterThan(3);
    for (const event of added) expect(elements).toContain((event.value as [string, number])[1]);
  });

  it("does nothing while it is stalled", async () => {
    const events = await run({
      workload: "set",
      options: { keys: ["a"] },
      workers: [worker("w1", "adder"), worker("w2", "reader")],
      faults: [fault("stall", "w1", { ms: 500 })],
    });
    const times = events.filter((event) => event.worker === "w1").map((event) => event.time);
    const gaps = times.map((time, i) => time - (times[i - 1] ?? time));
    expect(Math.max(...gaps)).toBeGreaterThan(490e6);
    expect(events.map(faultMoment).filter((moment) => moment?.probe?.ok === false)).toEqual([]);
  });

  it.each([
    ["lock", { lock: "simple", ttlMs: 5_000 }, ["client", "client", "reader"]],
    ["pubsub", {}, ["publisher", "subscriber", "subscriber"]],
    ["stream", {}, ["producer", "consumer", "consumer"]],
    ["register", { keys: ["a"] }, ["client", "reader"]],
  ])("leaves the workload %s in order", async (workload, options, roles) => {
    const events = await run({
      workload,
      options,
      workers: roles.map((role, i) => worker(`w${i + 1}`, role)),
      faults: roles.slice(0, 2).map((_, i) => fault("shutdown", `w${i + 1}`)),
    });
    expectLeft(events, "w1");
    expectLeft(events, "w2");
  });
});
