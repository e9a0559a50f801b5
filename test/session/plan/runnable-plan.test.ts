/** Plans of strangers: what may be carried out, and what only with a flag that names it. Nothing is run here. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { campaigns } from "../../../campaigns/index.ts";
import { runnablePlan } from "../../../session/plan/runnable-plan.ts";
import { UsageError } from "../../../machine/usage-error.ts";
import type { FaultPlan, Plan } from "../../../history/plan.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "runnable-plan-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function planned(name: string): Plan {
  const campaign = campaigns.find((each) => each.name === name);
  if (campaign === undefined) throw new TypeError(`there is no campaign ${name}`);
  return campaign.plan(7);
}

function runnable(plan: unknown, allowed: readonly string[] = []): Promise<Plan> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "plan.json"), typeof plan === "string" ? plan : JSON.stringify(plan));
  return runnablePlan(folder, "theirs", allowed);
}

const fault = (kind: string, options: FaultPlan["options"], id = "it"): FaultPlan => ({
  id,
  kind,
  options,
  start: { afterMs: 100 },
});

describe("a stored plan", () => {
  it.each(campaigns.map(({ name, plan }) => [name, plan] as const))(
    "of %s is carried out as it is",
    async (_, plan) => {
      const own = JSON.parse(JSON.stringify(plan(1))) as Plan;
      expect(await runnable(own)).toEqual(own);
    },
  );

  const sound = planned("lock-simple");
  const [worker] = sound.workers;
  const [claim] = sound.claims;
  const jobs = planned("jobs-demoted-server");

  it.each([
    ["leads out of the results", { campaign: "../../../x" }, /wrong campaign: must begin with a letter/],
    ["is named by dots", { campaign: ".." }, /wrong campaign/],
    ["has a worker that leads elsewhere", { workers: [{ ...worker, name: "../w1" }] }, /wrong workers.0.name/],
    ["has a worker with a NUL", { workers: [{ ...worker, name: "w1\u0000" }] }, /wrong workers.0.name/],
    ["has two workers of one name", { workers: [worker, worker] }, /two workers have the name "w1"/],
    ["has a worker that is a node", { workers: [{ ...worker, name: "n1" }] }, /a worker has the name "n1"/],
    ["has a worker that is a log", { workers: [{ ...worker, name: "toxiproxy" }] }, /the name "toxiproxy"/],
    ["has a role that every object has", { workers: [{ ...worker, role: "constructor" }] }, /no role "constructor"/],
    ["has a module of no absolute path", { modules: ["../x.ts"] }, /wrong modules.0: must be an absolute path/],
    ["has no workers", { workers: [] }, /wrong workers/],
    [
      "has too many workers",
      { workers: Array.from({ length: 101 }, (_, i) => ({ ...worker, name: `w${i}` })) },
      /wrong workers/,
    ],
    ["lasts a negative time", { loadMs: -1 }, /wrong loadMs/],
    ["lasts for years", { loadMs: 1e12 }, /wrong loadMs/],
    [
      "has an absurd duration in an option",
      { options: { ...sound.options, ttlMs: 1e12 } },
      /wrong options.ttlMs: must be from 0 to 604800000 milliseconds/,
    ],
    [
      "has a negative duration in a worker",
      { workers: [{ ...worker, options: { thinkMs: -5 } }] },
      /wrong workers.0.options.thinkMs/,
    ],
    ["has a negative seed", { seed: -1 }, /wrong seed/],
    ["has a seed that is no whole number", { seed: 1.5 }, /wrong seed/],
    ["has a billion nodes", { system: { kind: "independent", options: { nodes: 1e9 } } }, /wrong system.options.nodes/],
    [
      "has many nodes in all",
      { system: { kind: "cluster", options: { primaries: 50, replicasEach: 50 } } },
      /has 2550 nodes/,
    ],
    [
      "has an option that its system does not",
      { system: { kind: "single", options: { server: "/bin/sh" } } },
      /wrong system.options/,
    ],
    [
      "has a line of configuration with a line end",
      { system: { kind: "single", options: { config: ["hz 10\nloadmodule x"] } } },
      /wrong system.options.config.0/,
    ],
    ["has control characters", { title: "\u001b[2J" }, /wrong title: has characters that cannot be seen/],
    ["has what no plan has", { redis: "/bin/sh" }, /Unrecognized key: "redis"/],
    ["has long texts", { description: "x".repeat(1_000_000) }, /wrong description/],
    ["has an unknown workload", { workload: "__proto__" }, /no workload "__proto__"/],
    [
      "has an unknown checker",
      { claims: [{ ...claim, checker: "toString" }] },
      /checker "toString", which does not exist/,
    ],
    ["has an unknown fault", { faults: [fault("exec", {})] }, /is "exec", and there are only pause/],
    [
      "has a fault with another option",
      { faults: [fault("pause", { target: "w1", shell: "x" })] },
      /the option "shell", and pause has only/,
    ],
    [
      "has a fault with an option of another type",
      { faults: [fault("pause", { target: 5 })] },
      /which is a name or a list of names, not 5/,
    ],
    ["has a fault without what it needs", { faults: [fault("link", {})] }, /needs the option/],
    ["has a fault of who is not there", { faults: [fault("pause", { target: "w99" })] }, /names "w99"/],
    [
      "has a fault at a negative time",
      { faults: [{ ...fault("pause", { target: "w1" }), start: { afterMs: -1 } }] },
      /wrong faults.0.start.afterMs/,
    ],
    [
      "has two faults of one id",
      { faults: [fault("kill", { target: "w1" }), fault("kill", { target: "w2" })] },
      /two faults have the id "it"/,
    ],
    [
      "has an adapter of another shape",
      { options: { ...sound.options, adapter: { kind: "command", command: "x", folder: "/", env: {} } } },
      /"adapter" is damaged/,
    ],
  ])("that %s is refused", async (_, change, reason) => {
    const refused = await runnable({ ...sound, ...change }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect((refused as UsageError).message).toMatch(/^theirs cannot be run again: its plan.json /);
    expect((refused as UsageError).message).toMatch(reason);
  });

  it("that is no JSON, or deep, is refused", async () => {
    await expect(runnable("{")).rejects.toThrow(/plan.json is damaged/);
    await expect(runnable("[".repeat(100_000))).rejects.toThrow(/plan.json is nested more than 500 deep/);
  });

  it.each([
    [
      "a command",
      { options: { ...sound.options, adapter: { kind: "command", command: "touch 'a b'", folder: "/home/them" } } },
      "command: touch 'a b' in /home/them",
    ],
    [
      "a command of one worker",
      { workers: [{ ...worker, options: { adapter: { kind: "command", command: "x", folder: "/" } } }] },
      "command: x in /",
    ],
    [
      "a file",
      { options: { ...sound.options, adapter: { kind: "file", file: "/home/them/lock.mjs", sha256: "0" } } },
      "file: /home/them/lock.mjs",
    ],
    [
      "another version of a library",
      { options: { ...sound.options, lock: "redlock@4.0.99" } },
      "package: redlock@4.0.99",
    ],
    [
      "the same as a shipped adapter",
      { options: { ...sound.options, adapter: { kind: "shipped", lock: "redlock@4.0.99" } } },
      "package: redlock@4.0.99",
    ],
    [
      "another version of a queue",
      { ...jobs, options: { ...jobs.options, queue: "bullmq@6.0.99" } },
      "package: bullmq@6.0.99",
    ],
    [
      "a module of the server",
      { system: { kind: "single", options: { config: ["loadmodule /tmp/x.so"] } } },
      "config: loadmodule /tmp/x.so",
    ],
    [
      "a script on the server",
      { faults: [fault("command", { target: "n1", command: ["EVAL", "return 1", "0"] })] },
      "redis: EVAL return 1 0",
    ],
    [
      "what is sent when a fault heals",
      { faults: [fault("command", { target: "n1", command: "PING", undo: ["CONFIG", "SET", "dir", "/"] })] },
      "redis: CONFIG SET dir /",
    ],
  ])("with %s needs a flag that names it", async (_, change, code) => {
    const plan = { ...sound, ...change };
    const refused = (await runnable(plan).catch((error: unknown) => error)) as UsageError;
    expect(refused).toBeInstanceOf(UsageError);
    expect(refused.message).toContain(`\n  --allow-code '${code.replaceAll("'", String.raw`'\''`)}'`);
    await expect(runnable(plan, [`${code} `])).rejects.toThrow(/--allow-code/);
    expect(await runnable(plan, [code, "redis: PING"])).toEqual(JSON.parse(JSON.stringify(plan)));
  });

  it("may have what the shipped campaign has for that seed, and nothing more", async () => {
    const commanded = campaigns.find(({ plan }) => plan(7).faults.some(({ kind }) => kind === "command"));
    if (commanded === undefined) throw new TypeError("no campaign has a fault that is a command");
    const plan = commanded.plan(7);
    await runnable({ ...plan, loadMs: 500 });
    const faults = plan.faults.map((each) =>
      each.kind === "command" ? { ...each, options: { ...each.options, command: "SHUTDOWN" } } : each,
    );
    await expect(runnable({ ...plan, faults })).rejects.toThrow(/--allow-code 'redis: SHUTDOWN'/);
  });

  it("loads a module of the user's own only where that is allowed", async () => {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "kinds.mjs");
    writeFileSync(file, "globalThis.kindsLoaded = true;\n");
    const plan = { ...sound, modules: [file] };
    const refused = (await runnable(plan).catch((error: unknown) => error)) as UsageError;
    expect(refused.message).toContain(`--allow-code 'module: ${file}'`);
    expect((globalThis as { kindsLoaded?: boolean }).kindsLoaded).toBeUndefined();
    expect(await runnable(plan, [`module: ${file}`])).toEqual(JSON.parse(JSON.stringify(plan)));
    expect((globalThis as { kindsLoaded?: boolean }).kindsLoaded).toBe(true);
  });
});
