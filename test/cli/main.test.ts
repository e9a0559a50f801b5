import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { campaigns } from "../../campaigns/index.ts";
import { Links } from "../../network/links.ts";
import { startToxiproxyProcess } from "../../network/toxiproxy-process.ts";
import { chooseToxiproxy } from "../../runner/equipment/choose-toxiproxy.ts";
import { commandLine } from "./in-process.ts";
import { redquake } from "./redquake.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-test-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("help", () => {
  it.each([
    [["--help"], /campaigns[^]*check[^]*report[^]*replay[^]*clean[^]*Exit codes: 0/],
    [["campaigns", "--help"], /--seed <n>[^]*Examples:\n {2}redquake campaigns /],
    [["check", "--help"], /--model <name>[^]*Examples:\n {2}redquake check /],
    [["report", "--help"], /Examples:\n {2}redquake report /],
    [["replay", "--help"], /Examples:\n {2}redquake replay /],
    [["merge", "--help"], /Examples:\n {2}redquake merge /],
    [["canary", "--help"], /results\/canary[^]*Examples:\n {2}redquake canary/],
    [["clean", "--help"], /Examples:\n {2}redquake clean/],
    [["--version"], /^\d+\.\d+\.\d+\n$/],
  ])("of %j is data", async (args, wanted) => {
    const { code, stdout, stderr } = await commandLine(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(wanted);
  });
});

describe("bad arguments end with 254 and a sentence on standard error", () => {
  it.each([
    [[], /Usage: redquake/],
    [["campains"], /unknown command 'campains'[^]*campaigns/],
    [["campaigns", "--sed", "3"], /unknown option '--sed'[^]*--seed/],
    [["campaigns", "--seed", "many"], /--seed <n>' argument 'many' is invalid. A seed is a whole number/],
    [["campaigns", "--time-limit", "20"], /argument '20' is invalid.*such as 500ms, 20s or 2m/],
    [["campaigns", "--repeat", "0"], /argument '0' is invalid.*whole number from 1/],
    [["campaigns", "--shard", "4/3"], /argument '4\/3' is invalid.*1\/3/],
    [["campaigns", "--suite", "fast"], /argument 'fast' is invalid.*quick, standard, nightly/],
    [["campaigns", "--host", "dokcer"], /argument 'dokcer' is invalid.*auto, docker, process/],
    [["campaigns", "--host", "docker", "--redis", "./redis-server"], /is a path, which means nothing in a container/],
    [["campaigns", "--hold", "--jobs", "2"], /--hold.*--jobs 2.*leave one of them out/],
    [["campaigns", "--seed", "4294967295", "--repeat", "2"], /--repeat 2 from --seed 4294967295/],
    [["campaigns", "--redis", "/no/such/redis-server"], /--redis "\/no\/such\/redis-server": there is no such file/],
    [["campaigns", "lock-simpel"], /no campaign fits "lock-simpel" \(did you mean lock-simple/],
    [["campaigns", "--durations", "nowhere"], /there is no file .*nowhere: name a durations.json/],
    [["campaigns", "--durations", "package.json"], /package.json has no durations of campaigns/],
    [["campaigns", "lock-simple", "--failing", "package.json"], /package.json is no list of failing seeds/],
    [["merge", "nowhere"], /there is no folder "nowhere"/],
    [["check"], /missing required argument 'targets'/],
    [["check", "nowhere", "--model", "register"], /there is no file "nowhere"/],
    [["check", "nowhere"], /there is no "nowhere": name the folder of a stored run/],
    [["check", "package.json"], /"package.json" is a file.*add --model, one of .*lock-overlap/],
    [["check", "package.json", "--model", "lock-overlop"], /no model "lock-overlop" \(did you mean lock-overlap/],
    [["check", "package.json", "--model", "register"], /not a history.*package.json, line 1/],
    [
      ["check", "package.json", "--model", "register", "--options", "[1]"],
      /argument '\[1\]' is invalid. It must be a JSON object/,
    ],
    [["check", "docs"], /docs is not a stored run/],
    [["report", "nowhere"], /there is no "nowhere"/],
    [["replay", "docs"], /"docs" has no plan.json/],
  ])("%j", async (args, sentence) => {
    const { code, stdout, stderr } = await commandLine(args);
    expect({ code, stdout }).toEqual({ code: 254, stdout: "" });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});

it("is a process with that exit code and that output", async () => {
  expect(await redquake(["--version"])).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d/) as string,
    stderr: "",
  });
  const none = await redquake([]);
  expect(none).toMatchObject({ code: 254, stdout: "", stderr: expect.stringMatching(/^Usage: redquake/) as string });
  const refused = await redquake(["check", "nowhere", "--model", "register"]);
  expect(refused).toEqual({ code: 254, stdout: "", stderr: expect.stringMatching(/^redquake: there is no/) as string });
});

describe("campaigns --list", () => {
  it("prints the standard suite, one campaign per line", async () => {
    const { code, stdout, stderr } = await redquake(["campaigns", "--list"]);
    const listed = campaigns.filter((campaign) => campaign.suite !== "nightly");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/ +/)[0]),
    ).toEqual(listed.map(({ name }) => name));
  });

  it("prints JSON lines with --json", async () => {
    const { stdout } = await commandLine(["campaigns", "lock-simple", "--list", "--json"]);
    const [campaign] = campaigns.filter(({ name }) => name === "lock-simple");
    expect(JSON.parse(stdout)).toEqual({
      name: "lock-simple",
      title: campaign?.title,
      suite: campaign?.suite,
      needs: [],
    });
  });
});

describe("check FILE --model", () => {
  const acquire = (process: number, time: number, grant: string): object[] => [
    { time, process, type: "invoke", f: "acquire", value: "k" },
    { time: time + 1, process, type: "ok", f: "acquire", value: { key: "k", grant, validForMs: 1_000 } },
  ];
  const release = (process: number, time: number, grant: string): object[] => [
    { time, process, type: "invoke", f: "release", value: { key: "k", grant } },
    { time: time + 1, process, type: "ok", f: "release", value: { key: "k", grant, freed: true } },
  ];
  const overlapping = [...acquire(1, 0, "a"), ...acquire(2, 10, "b"), ...release(1, 20, "a"), ...release(2, 30, "b")];
  const apart = [...acquire(1, 0, "a"), ...release(1, 10, "a"), ...acquire(2, 20, "b"), ...release(2, 30, "b")];
  const model = ["--model", "lock-overlap", "--options", '{"level":"grant"}'];

  function write(name: string, events: readonly object[]): string {
    const file = join(folder, name);
    writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    return file;
  }

  it("ends with 0 when it holds", async () => {
    const file = write("apart.jsonl", apart);
    const { code, stdout } = await redquake(["check", file, ...model, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      file,
      model: "lock-overlap",
      valid: true,
      operations: 4,
      milliseconds: expect.any(Number) as number,
      anomalies: {},
      not: [],
      witness: [],
      reason: expect.any(String) as string,
    });
  });

  it("ends with 1 when it is broken, and shows the events that prove it", async () => {
    const file = write("overlapping.jsonl", overlapping);
    const { code, stdout } = await redquake(["check", file, ...model, "--json"]);
    expect(code).toBe(1);
    const answer = JSON.parse(stdout) as { witness: number[]; anomalies: { overlap: { events: number[] }[] } };
    expect(answer).toMatchObject({ valid: false, algorithm: "lock-overlap" });
    expect(answer.witness).toEqual(answer.anomalies.overlap[0]?.events);
    expect(answer.witness.map((index) => overlapping[index])).toContainEqual(acquire(2, 10, "b")[1]);
  });

  it("ends with 2 when the history does not decide", async () => {
    const file = write("empty.jsonl", []);
    const { code, stdout } = await redquake(["check", file, ...model, "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ valid: "unknown", operations: 0 });
  });

  it("judges several files, and the worst decides", async () => {
    const files = [write("apart.jsonl", apart), write("overlapping.jsonl", overlapping), write("empty.jsonl", [])];
    const { code, stdout } = await commandLine(["check", ...files, ...model]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/apart.jsonl: holds: [^]*overlapping.jsonl: broken: [^]*empty.jsonl: vacuous: /);
  });

  it("says where a file is damaged", async () => {
    const file = join(folder, "damaged.jsonl");
    writeFileSync(file, "{}\n");
    const { code, stderr } = await commandLine(["check", file, ...model]);
    expect(code).toBe(254);
    expect(stderr).toMatch(/damaged.jsonl, line 1/);
  });

  it("says which option is wrong", async () => {
    const { code, stderr } = await commandLine(["check", write("apart.jsonl", apart), "--model", "lock-overlap"]);
    expect(code).toBe(254);
    expect(stderr).toMatch(/--options \{\} does not suit --model lock-overlap[^]*level/);
  });

  it("finds files from where the user is", async () => {
    write("apart.jsonl", apart);
    expect((await redquake(["check", "apart.jsonl", ...model], { cwd: folder })).code).toBe(0);
  });
});

describe("clean --toxiproxy", () => {
  it("removes the proxies that killed runs have left in a Toxiproxy, and tells how many", async () => {
    const server = await startToxiproxyProcess({ seed: 1 });
    const source = await chooseToxiproxy({ kind: "url", url: server.url }, () => undefined);
    const request = { from: "w1", to: "n1", channel: "data", upstream: { host: "127.0.0.1", port: 9 } } as const;
    // No process has such an id (proc(5), pid_max).
    const run = { run: "dead", coordinator: "4194305:1", seed: 1, logFile: "/dev/null", environment: {} };
    const killed = await source.open(run);
    await Links.create(killed, [request]);
    await Links.create(server, [{ ...request, from: "somebody" }]);
    const { code, stdout, stderr } = await redquake(["clean", "--json", "--toxiproxy", server.url]);
    const left = Object.keys((await (await fetch(`${server.url}/proxies`)).json()) as object);
    await killed.stop();
    await server.stop();
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ proxies: 1 });
    expect(stderr).toContain(`removed 1 proxy of runs that were killed from the Toxiproxy at ${server.url}`);
    expect(left).toEqual(["somebody.n1"]);
  });

  it("takes a URL only", async () => {
    const { code, stderr } = await commandLine(["clean", "--toxiproxy", "embedded"]);
    expect(code).toBe(254);
    expect(stderr).toContain("Only a Toxiproxy with a URL");
  });
});

describe("clean", () => {
  it("leaves what is no run's alone, and says so when there was nothing", async () => {
    mkdirSync(join(folder, "redquake-notes"));
    const { code, stdout, stderr } = await redquake(["clean"], { env: { TMPDIR: folder } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).not.toMatch(/folder/);
  });
});

describe("colours", () => {
  const args = ["check", "empty.jsonl", "--model", "lock-overlap", "--options", '{"level":"grant"}'];

  it.each([
    ["none where nobody looks", {}, false],
    ["by request", { FORCE_COLOR: "1" }, true],
    ["never with NO_COLOR", { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ])("%s", async (_title, env, colored) => {
    writeFileSync(join(folder, "empty.jsonl"), "");
    const { stdout } = await redquake(args, { cwd: folder, env });
    expect(stdout).toMatch(/empty.jsonl/);
    expect(stdout.includes("\u001B[")).toBe(colored);
  });
});
