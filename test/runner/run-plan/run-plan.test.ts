/** Whole runs on real servers: what they store, and that they leave nothing behind however they end. */
import { getEventListeners } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { judge } from "../../../checkers/judge/judge.ts";
import { cutShortReason, faultMoment, phaseOf } from "../../../history/nemesis-event.ts";
import type { HistoryEvent } from "../../../history/operation.ts";
import type { Claim, Plan } from "../../../history/plan.ts";
import { readHistory } from "../../../history/read.ts";
import type { Progress } from "../../../runner/progress.ts";
import { runPlan } from "../../../runner/run-plan.ts";
import type { RunOptions } from "../../../runner/run.ts";
import { containerLabels } from "../../../runner/equipment/clean-containers.ts";
import { coordinatorMark } from "../../../runner/equipment/clean.ts";
import type { Labelled } from "../../../hosts/docker/container-runtime.ts";
import { containerRuntime, dockerMissing, dockerNote, IMAGE_TIMEOUT_MS } from "../../support/docker-nodes.ts";
import { runningForThisProcess } from "../../support/own-processes.ts";

const PLAN: Plan = {
  version: 1,
  campaign: "test",
  title: "A small run",
  description: "Two clients and one lock.",
  seed: 3,
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: 5_000 },
  profile: "raw",
  workers: [
    { name: "w1", role: "client", seed: 1, options: {} },
    { name: "w2", role: "client", seed: 2, options: {} },
    { name: "reader", role: "reader", seed: 3, options: {} },
  ],
  loadMs: 300,
  settleMs: 0,
  faults: [],
  claims: [],
};

const HOLD = { id: "hold", kind: "link", options: { from: "w2", to: "n1", how: "hold" } };

const RESOURCE_CLAIM: Claim = {
  id: "resource",
  statement: "The lock keeps former holders from writing to the resource.",
  standing: "hoped",
  source: "https://example.org",
  checker: "lock-resource",
  options: {},
};

const folders: string[] = [];

function resultsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "test-results-"));
  folders.push(folder);
  return folder;
}

function options(more: Partial<RunOptions> = {}): RunOptions {
  return {
    results: resultsFolder(),
    host: "process",
    redis: undefined,
    commandLine: "redquake replay",
    observer: () => undefined,
    signal: new AbortController().signal,
    ...more,
  };
}

/** Files of runs that this process has open. */
function openFiles(): string[] {
  return readdirSync("/proc/self/fd").flatMap((descriptor) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${descriptor}`);
      return file.startsWith(`${tmpdir()}/`) ? [file] : [];
    } catch {
      // It is the one by which the folder was read.
      return [];
    }
  });
}

afterEach(() => {
  expect(openFiles(), "descriptors left open").toEqual([]);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  expect(runningForThisProcess(), "processes left behind").toEqual([]);
});

describe("a run", () => {
  it("stores its plan, facts, logs and a whole history, and points latest to itself", async () => {
    const seen: Progress[] = [];
    const given = options({ observer: (progress) => seen.push(progress) });
    const { folder, interrupted } = await runPlan(PLAN, given);
    expect(interrupted).toBe(false);
    expect(JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"))).toEqual(PLAN);
    expect(JSON.parse(readFileSync(join(folder, "run.json"), "utf8"))).toMatchObject({
      campaign: "test",
      seed: 3,
      host: "process",
      interrupted: false,
    });
    expect(readdirSync(join(folder, "logs"))).toEqual(
      expect.arrayContaining(["n1.log", "n1.redis.conf", "resource.log", "w1.log", "toxiproxy.log"]),
    );
    expect(join(given.results, readlinkSync(join(given.results, "latest")))).toBe(folder);
    expect(seen[0]).toEqual({ kind: "phase", phase: "start" });
    expect(seen).toContainEqual(
      expect.objectContaining({ kind: "note", text: expect.stringMatching(/redis-server \d+\.\d+\.\d+ .*Toxiproxy/) }),
    );

    const { history, warnings } = await readHistory(join(folder, "history.jsonl"));
    expect(warnings).toEqual([]);
    expect(history.nemesis.map(phaseOf).filter((phase) => phase !== undefined)).toEqual([
      "start",
      "load",
      "heal",
      "probe",
      "settle",
      "final",
      "stop",
    ]);
    const links = history.nemesis.find((event) => event.f === "links");
    expect(links?.value).toEqual({ links: 3, failed: [] });
    const acquired = history.operations.filter(
      (operation) => operation.f === "acquire" && operation.completion?.type === "ok",
    );
    expect(acquired.length).toBeGreaterThan(5);
    const log = history.operations.at(-1);
    expect(log?.f).toBe("log");
    const writes = history.operations.filter(
      (operation) => operation.f === "write" && operation.completion?.type === "ok",
    );
    expect(
      (log?.completion?.value as { entries: { op: string }[] } | undefined)?.entries.filter(
        (entry) => entry.op === "write",
      ),
    ).toHaveLength(writes.length);
    for (const operation of history.operations)
      expect(operation.completion, JSON.stringify(operation.invoke)).toBeDefined();
  });

  it("writes its lines in the order of time and numbers them", async () => {
    const { folder } = await runPlan(PLAN, options());
    const lines = readFileSync(join(folder, "history.jsonl"), "utf8").trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line) as { index: number; time: number });
    expect(events.map((event) => event.index)).toEqual(events.map((_, i) => i));
    expect(events.every((event, i) => i === 0 || event.time >= (events[i - 1]?.time ?? 0))).toBe(true);
  });

  it("places a pause inside the critical section and records who was hit and what was seen", async () => {
    const { folder } = await runPlan(
      {
        ...PLAN,
        options: { lock: "simple", ttlMs: 300 },
        faults: [
          {
            id: "pause",
            kind: "pause",
            options: { target: "w1" },
            start: { at: { worker: "w1", point: "critical-section", occurrence: 2 } },
            end: { afterMs: 500 },
          },
        ],
      },
      options(),
    );
    const { history } = await readHistory(join(folder, "history.jsonl"));
    const moments = history.nemesis
      .map((event) => [event.time, faultMoment(event)] as const)
      .filter(([, moment]) => moment !== undefined);
    expect(moments.map(([, moment]) => moment?.stage)).toEqual(["inject", "active", "heal", "healed"]);
    for (const [, moment] of moments) expect(moment?.target).toEqual(["w1"]);
    expect(moments[1]?.[1]?.probe).toMatchObject({ ok: true });
    const [from = 0, to = 0] = [moments[1]?.[0], moments[2]?.[0]];
    // Stopped means stopped: w1 records nothing, and its last word before was that its library believes in the lock.
    expect(history.events.filter((event) => event.worker === "w1" && event.time > from && event.time < to)).toEqual([]);
    expect(history.events.filter((event) => event.worker === "w1" && event.time < from).at(-1)).toMatchObject({
      f: "belief",
      type: "ok",
    });
    expect(history.events.find((event) => event.worker === "w1" && event.time > to)).toMatchObject({
      f: "write",
      type: "invoke",
      value: { held: true },
    });
  });

  it("leaves no listener at the signal of its session", async () => {
    const { signal } = new AbortController();
    await runPlan(PLAN, options({ signal }));
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("goes on for as long as its plan says, also where that is a thousand hours", async () => {
    const interrupted = new AbortController();
    let phases = "";
    await runPlan(
      { ...PLAN, loadMs: 3_600_000_000 },
      options({
        signal: interrupted.signal,
        observer: (progress) => {
          if (progress.kind === "phase") phases += ` ${progress.phase}`;
          if (progress.kind === "operations" && progress.ok > 100) interrupted.abort();
        },
      }),
    );
    expect(phases).toBe(" start load heal");
  });

  it("says that a planned moment never came", async () => {
    const interrupted = new AbortController();
    const { folder } = await runPlan(
      {
        ...PLAN,
        faults: [
          {
            id: "late",
            kind: "pause",
            options: { target: "w1" },
            start: { at: { worker: "w1", point: "no-such-point" } },
          },
        ],
      },
      options({
        signal: interrupted.signal,
        observer: (progress) => {
          if (progress.kind === "operations" && progress.ok > 50) interrupted.abort();
        },
      }),
    );
    const { history } = await readHistory(join(folder, "history.jsonl"));
    const moments = history.nemesis.map(faultMoment).filter((moment) => moment !== undefined);
    expect(moments).toEqual([
      expect.objectContaining({
        fault: "late",
        stage: "not-fired",
        reason: "the load ended before w1 at no-such-point",
      }),
    ]);
  });
});

describe("a run that does not go well", () => {
  it("heals, keeps the history and cleans up when it is interrupted", async () => {
    const interrupted = new AbortController();
    const { folder, interrupted: was } = await runPlan(
      {
        ...PLAN,
        loadMs: 60_000,
        faults: [{ id: "hold", kind: "link", options: { from: "w1", to: "n1", how: "hold" }, start: { afterMs: 50 } }],
      },
      options({
        signal: interrupted.signal,
        observer: (progress) => {
          if (progress.kind === "fault" && progress.moment.stage === "active") interrupted.abort();
        },
      }),
    );
    expect(was).toBe(true);
    const { history } = await readHistory(join(folder, "history.jsonl"));
    const stages = history.nemesis.map(faultMoment).flatMap((moment) => moment?.stage ?? []);
    expect(stages).toEqual(["inject", "active", "heal", "healed"]);
    expect(JSON.parse(readFileSync(join(folder, "run.json"), "utf8"))).toMatchObject({ interrupted: true });
  });

  it("can be interrupted before the load", async () => {
    const { folder, interrupted } = await runPlan(PLAN, options({ signal: AbortSignal.abort() }));
    expect(interrupted).toBe(true);
    expect(existsSync(join(folder, "history.jsonl"))).toBe(true);
  });

  it("has not come to its end when it is interrupted while it stops", async () => {
    const interrupted = new AbortController();
    const { folder, interrupted: was } = await runPlan(
      PLAN,
      options({
        signal: interrupted.signal,
        observer: (progress) => {
          if (progress.kind === "phase" && progress.phase === "final") interrupted.abort();
        },
      }),
    );
    expect(was).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, "run.json"), "utf8"))).toMatchObject({ interrupted: true });
  });

  it("says in what it has stored that it failed, and how", async () => {
    const broken = { ...PLAN, workers: [{ name: "w1", role: "no-such-role", seed: 1, options: {} }] };
    let folder = "";
    const given = options({ began: (made) => (folder = made) });
    await expect(runPlan(broken, given)).rejects.toThrow(/no role "no-such-role"/);
    expect(JSON.parse(readFileSync(join(folder, "run.json"), "utf8"))).toMatchObject({
      interrupted: true,
      failure: expect.stringMatching(/^worker w1 failed: /),
    });
  });

  it("ends soon when the server of the protected resource ends by itself, and names it", async () => {
    const killResource = (): void => {
      for (const pid of runningForThisProcess()) {
        if (/\/resource(?:$|\/)/.test(readlinkSync(`/proc/${pid}/cwd`))) process.kill(pid, "SIGKILL");
      }
    };
    const started = performance.now();
    const { cutShort } = await runPlan(
      { ...PLAN, loadMs: 60_000 },
      options({ observer: (progress) => progress.kind === "operations" && progress.ok > 20 && killResource() }),
    );
    expect(cutShort).toMatch(/^resource ended by itself\.\nIts log ends with:\n/);
    expect(performance.now() - started).toBeLessThan(40_000);
  });

  it("names a worker that fails, with its reason", async () => {
    const broken = { ...PLAN, workers: [{ name: "w1", role: "no-such-role", seed: 1, options: {} }] };
    await expect(runPlan(broken, options())).rejects.toThrow(
      /worker w1 failed: .*the workload lock has no role "no-such-role"/,
    );
  });

  it("names a worker that dies, without waiting for it", async () => {
    const given = options();
    const run = runPlan(
      { ...PLAN, loadMs: 60_000 },
      { ...given, observer: (progress) => progress.kind === "operations" && progress.ok > 20 && killOne() },
    );
    const killOne = (): void => {
      const table = runningForThisProcess();
      const worker = table.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("worker/main"));
      if (worker !== undefined) process.kill(worker, "SIGKILL");
    };
    await expect(run).rejects.toThrow(/worker (w1|w2|reader) ended unexpectedly \(SIGKILL\); its log is .*\.log/);
  });

  it("shows the log of a node that will not start", async () => {
    const broken: Plan = {
      ...PLAN,
      system: { kind: "single", options: { config: ["maxmemory-policy no-such-policy"] } },
    };
    await expect(runPlan(broken, options())).rejects.toThrow(
      /n1 \(port \d+\) ended while starting[\s\S]*no-such-policy/,
    );
  });

  it("ends soon when a node ends by itself, and is judged as far as it goes", async () => {
    const killNode = (): void => {
      for (const pid of runningForThisProcess()) {
        if (/\/n1$|\/n1\//.test(readlinkSync(`/proc/${pid}/cwd`))) process.kill(pid, "SIGKILL");
      }
    };
    const started = performance.now();
    const { folder, interrupted, cutShort } = await runPlan(
      // A fault of somebody else excuses nobody's end.
      { ...PLAN, loadMs: 60_000, faults: [{ ...HOLD, start: { afterMs: 0 } }], claims: [RESOURCE_CLAIM] },
      options({ observer: (progress) => progress.kind === "operations" && progress.ok > 20 && killNode() }),
    );
    expect(performance.now() - started).toBeLessThan(40_000);
    expect(interrupted).toBe(false);
    expect(cutShort).toMatch(/^n1 ended by itself\.\nIts log ends with:\n/);
    const { history, warnings } = await readHistory(join(folder, "history.jsonl"));
    expect(warnings).toEqual([]);
    expect(history.nemesis.at(-1)).toMatchObject({ f: "cut-short", value: { reason: cutShort } });
    const { doubts, claims, outcome } = judge(JSON.parse(readFileSync(join(folder, "plan.json"), "utf8")), history);
    expect(doubts).toEqual(["The run was cut short: n1 ended by itself."]);
    expect(claims[0]?.result.verdict).toBe("unknown");
    expect(outcome).toBe("undecided");
    expect(JSON.parse(readFileSync(join(folder, "run.json"), "utf8"))).toMatchObject({ interrupted: true });
  });

  it("leaves the end of a node to the fault that acts on it", async () => {
    const { cutShort } = await runPlan(
      {
        ...PLAN,
        loadMs: 1_500,
        faults: [
          {
            id: "kill",
            kind: "kill",
            options: { target: "n1" },
            start: { afterMs: 100 },
            end: { after: { fault: "kill", stage: "active" }, afterMs: 700 },
          },
        ],
      },
      options(),
    );
    expect(cutShort).toBeUndefined();
  });

  it("names a Toxiproxy that dies, although the faults on it cannot be healed then, and keeps the history", async () => {
    const given = options();
    const killProxy = (): void => {
      for (const pid of runningForThisProcess()) {
        if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("toxiproxy/main")) process.kill(pid, "SIGKILL");
      }
    };
    const run = runPlan(
      { ...PLAN, loadMs: 60_000, faults: [{ ...HOLD, start: { afterMs: 50 } }] },
      {
        ...given,
        observer: (progress) => progress.kind === "fault" && progress.moment.stage === "active" && killProxy(),
      },
    );
    await expect(run).rejects.toThrow(/^the run lost its proxies: the Toxiproxy process \(pid \d+\) ended by SIGKILL/);
    const { history } = await readHistory(join(given.results, "latest", "history.jsonl"));
    expect(cutShortReason(history.nemesis.at(-1) as HistoryEvent)).toMatch(/^the run lost its proxies/);
  });
});

describe.skipIf(dockerMissing)(`a run in containers${dockerNote}`, { timeout: IMAGE_TIMEOUT_MS }, () => {
  function ours(): Promise<readonly Labelled[]> {
    const label = Object.entries(containerLabels(coordinatorMark())).map(([name, value]) => `${name}=${value}`)[0];
    return containerRuntime().labelled(label ?? "");
  }

  async function containerOf(node: string): Promise<Labelled> {
    for (const thing of await ours()) {
      const pid = thing.kind === "container" ? await containerRuntime().containerPid(thing.id) : undefined;
      if (pid !== undefined && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`/${node}/log`)) return thing;
    }
    throw new Error(`no container of ${node}`);
  }

  it("ends soon when a container is removed behind its back, and leaves nothing in the engine", async () => {
    let removal: Promise<void> | undefined;
    const { cutShort } = await runPlan(
      { ...PLAN, loadMs: 60_000 },
      options({
        host: "docker",
        observer: (progress) => {
          if (progress.kind === "operations" && progress.ok > 20)
            removal ??= containerOf("n1").then((container) => containerRuntime().remove([container]));
        },
      }),
    );
    await removal;
    expect(cutShort).toMatch(/^n1 ended by itself\.\nIts log ends with:\n[^]*\bRedis\b/);
    expect(await ours()).toEqual([]);
  });
});
