/** The command line with real runs: short ones, of one campaign. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Verdict } from "../../../../checkers/judge/verdict.ts";
import { startToxiproxyProcess } from "../../../../network/toxiproxy-process.ts";
import { procTable } from "../../../../machine/process-table.ts";
import { commandLine } from "../../in-process.ts";
import { redquake, startRedquake } from "../../redquake.ts";
import type { RedquakeOptions } from "../../redquake.ts";

let folder: string;
let results: string;
let temporary: string;
/** Temporary folders of this test's runs lie apart from all others. */
let own: RedquakeOptions;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "campaigns-test-"));
  results = join(folder, "results");
  temporary = mkdtempSync(join(folder, "tmp-"));
  own = { env: { TMPDIR: temporary } };
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const RUN = ["campaigns", "lock-simple", "--seed", "42"];

interface JsonLine {
  readonly campaign: string;
  readonly seed: number;
  readonly outcome: string;
  readonly exitCode: number;
  readonly sentence: string;
  readonly folder: string;
  readonly report: string;
  readonly claims: readonly { readonly verdict: string }[];
}

/** Process ids of what belongs to runs of the coordinator with this process id. */
function processesOf(coordinator: number | undefined): number[] {
  return procTable
    .list()
    .map(({ pid }) => pid)
    .filter((pid) => procTable.variable(pid, "REDQUAKE_COORDINATOR")?.startsWith(`${coordinator}:`));
}

describe("campaigns", () => {
  it("stores, judges and reports a run, which can then be judged, reported and run again", async () => {
    const { code, stdout, stderr } = await redquake(
      [...RUN, "--time-limit", "1s", "--json", "--results", results],
      own,
    );
    const line = JSON.parse(stdout) as JsonLine;
    expect(line.outcome, line.sentence).not.toBe("harness-failed");
    expect(line).toMatchObject({ campaign: "lock-simple", seed: 42, exitCode: code });
    expect(stderr).toMatch(/^seed 42\n[^]*host: [^]*redis-server[^]*Toxiproxy[^]*phase load[^]*\nseed 42\n$/m);
    for (const file of ["run.json", "plan.json", "history.jsonl", "verdict.json", "report.html"]) {
      expect(existsSync(join(line.folder, file)), file).toBe(true);
    }
    expect(existsSync(join(results, "index.html"))).toBe(true);
    const verdict = JSON.parse(readFileSync(join(line.folder, "verdict.json"), "utf8")) as Verdict;
    expect(line.claims.map((claim) => claim.verdict)).toEqual(verdict.claims.map(({ result }) => result.verdict));

    rmSync(join(line.folder, "verdict.json"));
    const checked = await commandLine(["check", join(results, "latest"), "--json"]);
    expect(checked.code).toBe(code);
    expect(JSON.parse(checked.stdout)).toMatchObject({ campaign: "lock-simple", outcome: verdict.outcome });
    expect(JSON.parse(readFileSync(join(line.folder, "verdict.json"), "utf8"))).toEqual(verdict);

    rmSync(line.report);
    const reported = await commandLine(["report", line.folder]);
    expect(reported).toMatchObject({ code: 0, stdout: `${line.report}\n` });
    expect(existsSync(line.report)).toBe(true);

    const replayed = await redquake(["replay", line.folder, "--json", "--results", results], own);
    const again = JSON.parse(replayed.stdout) as JsonLine;
    expect(again.outcome, again.sentence).not.toBe("harness-failed");
    expect(again.folder).not.toBe(line.folder);
    expect(JSON.parse(readFileSync(join(again.folder, "plan.json"), "utf8"))).toEqual(
      JSON.parse(readFileSync(join(line.folder, "plan.json"), "utf8")),
    );
  });

  it("prints a table of verdicts, and the paths of the reports", async () => {
    const { stdout } = await redquake([...RUN, "--time-limit", "500ms"], { ...own, cwd: folder });
    expect(stdout).not.toMatch(/HARNESS FAILED/);
    const [report] = /\S+report\.html$/m.exec(stdout) ?? [];
    expect(stdout).toMatch(/campaign +claim +standing +verdict +time +seed\nlock-simple +/);
    expect(report).toMatch(/^results\/lock-simple\/.*-42\/report.html$/);
    expect(stdout).toMatch(/all runs: results\/index.html\n$/);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("goes on after a failure of the harness, which decides the exit code", async () => {
    mkdirSync(results);
    writeFileSync(join(results, "lock-simple"), "not a folder");
    const { code, stdout } = await redquake([...RUN, "--repeat", "2", "--json", "--results", results], own);
    expect(code).toBe(255);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as JsonLine);
    expect(lines.map(({ seed, outcome }) => ({ seed, outcome }))).toEqual([
      { seed: 42, outcome: "harness-failed" },
      { seed: 43, outcome: "harness-failed" },
    ]);
  });

  it("stops there with --bail", async () => {
    mkdirSync(results);
    writeFileSync(join(results, "lock-simple"), "not a folder");
    const { stdout, stderr } = await redquake([...RUN, "--repeat", "3", "--bail", "--json", "--results", results], own);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(/2 of 3 runs were not begun/);
  });
});

describe("what is missing for all runs", () => {
  it("is said once, before the first one", async () => {
    const { code, stdout, stderr } = await redquake(
      [...RUN, "--repeat", "3", "--host", "docker", "--results", results],
      {
        env: { ...own.env, DOCKER_HOST: "tcp://127.0.0.1:1" },
      },
    );
    expect({ code, stdout }).toEqual({ code: 255, stdout: "" });
    expect(stderr.split("no container engine answers at DOCKER_HOST=tcp://127.0.0.1:1")).toHaveLength(2);
    expect(stderr).toMatch(/start Docker, or set DOCKER_HOST, or use --host process\n$/);
    expect(existsSync(results)).toBe(false);
  });
});

describe("a folder that cannot be written", () => {
  /** Also for root, whom no permission keeps from anything. */
  const below = (file: string): string => {
    writeFileSync(file, "not a folder");
    return join(file, "folder");
  };

  it.each([
    ["results", () => ({ args: ["--results", below(join(folder, "file"))], env: {} }), /--results/],
    ["temporary", () => ({ args: [], env: { TMPDIR: below(join(folder, "file")) } }), /TMPDIR/],
    ["cache", () => ({ args: [], env: { REDQUAKE_CACHE: below(join(folder, "file")) } }), /REDQUAKE_CACHE/],
  ])("is told in one sentence before anything is started: %s", async (_name, how, remedy) => {
    const { args, env } = how();
    const { code, stdout, stderr } = await redquake([...RUN, "--host", "process", "--results", results, ...args], {
      env: { ...own.env, ...env },
    });
    expect({ code, stdout }).toEqual({ code: 255, stdout: "" });
    expect(stderr).toMatch(/^redquake: [^\n]*\/file[^\n]*\n$/);
    expect(stderr).toMatch(remedy);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(existsSync(results)).toBe(false);
  });
});

describe("a server that ends by itself", () => {
  it("ends the run, which is judged, reported and can be judged again", async () => {
    const run = startRedquake(
      [...RUN, "--time-limit", "10m", "--json", "--host", "process", "--results", results],
      own,
    );
    await run.sees("phase load");
    const server = processesOf(run.child.pid).find((pid) => readlinkSync(`/proc/${pid}/cwd`).includes("/n1"));
    process.kill(server as number, "SIGKILL");
    const { code, stdout, stderr } = await run.ended;
    const line = JSON.parse(stdout) as JsonLine & { readonly doubts: readonly string[] };
    expect(line).toMatchObject({ outcome: "undecided", doubts: ["The run was cut short: n1 ended by itself."] });
    expect(line.claims.map((claim) => claim.verdict)).toEqual(line.claims.map(() => "unknown"));
    expect(code).toBe(2);
    expect(stderr).toMatch(/n1 ended by itself\.\nIts log ends with:\n[^]*what was recorded until then is in /);
    expect(readFileSync(join(line.folder, "logs", "n1.log"), "utf8")).toMatch(/Ready to accept connections/);
    expect(await commandLine(["check", line.folder, "--json"])).toMatchObject({ code: 2 });
    expect(await commandLine(["report", line.folder])).toMatchObject({ code: 0, stdout: `${line.report}\n` });
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe("--toxiproxy", () => {
  it("takes a Toxiproxy that runs already, says so, and leaves nothing in it", async () => {
    const server = await startToxiproxyProcess({ seed: 1 });
    const { stdout, stderr } = await redquake(
      [...RUN, "--time-limit", "500ms", "--json", "--results", results, "--toxiproxy", server.url, "--host", "process"],
      own,
    );
    const proxies = (await (await fetch(`${server.url}/proxies`)).json()) as object;
    await server.stop();
    const { folder: stored, outcome, sentence } = JSON.parse(stdout) as JsonLine;
    expect(outcome, sentence).not.toBe("harness-failed");
    expect(stderr).toContain(`Toxiproxy ${server.version} (at ${server.url})`);
    expect(JSON.parse(readFileSync(join(stored, "run.json"), "utf8"))).toMatchObject({
      toxiproxy: `${server.version} (at ${server.url})`,
      commandLine: expect.stringContaining(`--toxiproxy ${server.url}`),
    });
    expect(proxies).toEqual({});
  });
});

describe("an interrupted run", () => {
  const LONG = [...RUN, "--time-limit", "10m", "--repeat", "2"];

  it("heals, saves and cleans up, and ends with 130", async () => {
    const run = startRedquake([...LONG, "--results", results], own);
    await run.sees("phase load");
    expect(processesOf(run.child.pid)).not.toEqual([]);
    run.child.kill("SIGINT");
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/interrupted/);
    expect(stderr).toMatch(/1 of 2 runs was not begun/);
    expect(processesOf(run.child.pid)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readFileSync(join(results, "latest", "history.jsonl"), "utf8")).toMatch(/"f":"acquire"/);
  });

  it("ends everything at once when it is interrupted twice", async () => {
    const run = startRedquake([...LONG, "--results", results], own);
    await run.sees("phase load");
    run.child.kill("SIGINT");
    await run.sees("once more ends everything at once");
    run.child.kill("SIGINT");
    expect((await run.ended).code).toBe(130);
    expect(processesOf(run.child.pid)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("that was killed is cleaned up by the next call", async () => {
    const run = startRedquake([...LONG, "--results", results], own);
    await run.sees("phase load");
    run.child.kill("SIGKILL");
    await run.ended;
    expect(readdirSync(temporary)).toHaveLength(1);

    const { code, stderr } = await redquake(["clean"], own);

    expect(code).toBe(0);
    expect(stderr).toMatch(/removed 1 temporary folder of runs that were killed/);
    expect(processesOf(run.child.pid)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
