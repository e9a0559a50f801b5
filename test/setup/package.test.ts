/** The published package: packed, installed into an empty folder, and used from there. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { campaigns } from "../../campaigns/index.ts";
import { packageRoot } from "../../machine/package-root.ts";

const run = promisify(execFile);

const NOT_COPIED = new Set([".cache", ".git", "dist", "node_modules", "results"]);

let work: string;
let project: string;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "package-test-"));
  project = join(work, "project");
  const checkout = join(work, "checkout");
  // Packing builds, which must not happen in the checkout that other tests run from.
  cpSync(packageRoot, checkout, { recursive: true, filter: (file) => !NOT_COPIED.has(relative(packageRoot, file)) });
  symlinkSync(join(packageRoot, "node_modules"), join(checkout, "node_modules"));
  await run("npm", ["pack", "--pack-destination", work], { cwd: checkout });
  const [tarball] = readdirSync(work).filter((file) => file.endsWith(".tgz"));
  mkdirSync(project);
  await run("npm", ["init", "-y"], { cwd: project });
  await run("npm", ["install", "--prefer-offline", join(work, String(tarball))], { cwd: project });
});

afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

/** What `npx redquake` runs, without npm's own start. */
function redquake(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return run(join(project, "node_modules/.bin/redquake"), [...args], { cwd: project });
}

describe("the installed command", () => {
  it("tells its version and its commands", async () => {
    expect((await run("npx", ["redquake", "--version"], { cwd: project })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await redquake("--help")).stdout).toMatch(/campaigns[^]*check[^]*replay/);
  });

  it("knows the campaigns", async () => {
    const { stdout } = await redquake("campaigns", "--list", "--suite", "nightly");
    expect(stdout.trimEnd().split("\n")).toHaveLength(campaigns.length);
  });

  it("runs one, with workers, shim and report from the package", async () => {
    const { stdout } = await redquake("campaigns", "lock-simple", "--time-limit", "2s", "--seed", "1", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ campaign: "lock-simple", outcome: "passed" });
    const found = readdirSync(join(project, "results"), { recursive: true, encoding: "utf8" });
    expect(found.some((file) => file.endsWith("report.html"))).toBe(true);
  });
});

it("is a library: checkers and histories", async () => {
  const script = `
    import { CHECKERS } from "redquake/checkers";
    import * as history from "redquake/history";
    console.log(CHECKERS.size > 0, Object.keys(history).includes("History"));
  `;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: project });
  expect(stdout).toBe("true true\n");
});

describe("the library's page", () => {
  const page = readFileSync(join(packageRoot, "docs/checkers-library.md"), "utf8");
  const examples = [...page.matchAll(/```js (\S+)\n([^]*?)```\n\n```console \S+\n([^]*?)```/g)].map(
    ([, name = "", code = "", output = ""]) => ({ name, code, output }),
  );

  it("has its examples", () =>
    expect(examples.map(({ name }) => name)).toEqual(["register.mjs", "file.mjs", "own.mjs", "several.mjs"]));

  it("names everything that is exported", async () => {
    const index = readFileSync(join(packageRoot, "checkers/index.ts"), "utf8");
    const exported = [...index.matchAll(/export (?:type )?\{ ([^}]*) \}/g)].flatMap(([, names = ""]) =>
      names.split(", ").map((name) => name.replace(/^.* as /, "")),
    );
    expect(exported).toEqual(expect.arrayContaining(Object.keys(await import("../../checkers/index.ts"))));
    const words = new Set(page.match(/\w+/g));
    expect(exported.filter((name) => !words.has(name))).toEqual([]);
  });

  it.each(examples)("$name does what it says", async ({ name, code, output }) => {
    writeFileSync(join(project, name), code);
    expect((await run(process.execPath, [name], { cwd: project })).stdout).toBe(output);
  });
});

describe("a lock of the user's own, by the README's words alone", () => {
  /** The adapter in the README, whose library is installed as its user has it. */
  const adapter = /^## Is MY lock safe\?[^]*?```ts\n([^]*?)```/m.exec(
    readFileSync(join(packageRoot, "README.md"), "utf8"),
  )?.[1];

  beforeAll(async () => {
    writeFileSync(join(project, "my-lock.ts"), String(adapter));
    const locks = ["redis-semaphore@5.8.0", "ioredis-lock@4.0.0", "bullmq@6.7.0"];
    // For the tests of code that follow: an installation takes npm most of its time, whatever is installed.
    const forCode = ["vitest@5.1.1", "vite@8.3.8", "ioredis@6.0.0", "@types/node@24.19.2"];
    await run("npm", ["install", "--prefer-offline", "--legacy-peer-deps", ...locks, ...forCode], { cwd: project });
  });

  it("is an adapter of less than 20 lines, whose types are right", async () => {
    expect(String(adapter).trimEnd().split("\n").length).toBeLessThan(20);
    const compiler = join(packageRoot, "node_modules/typescript/bin/tsc");
    const flags = [
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--module",
      "nodenext",
      "--target",
      "es2024",
      "--types",
      "",
      "my-lock.ts",
    ];
    const { stdout } = await run(process.execPath, [compiler, ...flags], { cwd: project });
    expect(stdout).toBe("");
  });

  it("keeps its contract, and goes through campaigns", async () => {
    expect((await redquake("adapter-test", "./my-lock.ts")).stdout).toMatch(
      /redis-semaphore@5\.8\.0 keeps its contract/,
    );
    const { stdout } = await redquake(
      "campaigns",
      "lock-simple",
      "--adapter",
      "./my-lock.ts",
      "--time-limit",
      "3s",
      "--json",
    );
    expect(JSON.parse(stdout)).toMatchObject({ campaign: "lock-simple", outcome: "passed" });
  });

  it("may be CommonJS, with a library that rejects for everything", async () => {
    writeFileSync(join(project, "other-lock.cjs"), OTHER_LOCK);
    expect((await redquake("adapter-test", "./other-lock.cjs")).stdout).toMatch(
      /ioredis-lock@4\.0\.0 keeps its contract/,
    );
  });

  it("begins with init", async () => {
    // The README's own is there: it is this or that.
    rmSync(join(project, "my-lock.ts"));
    expect((await redquake("init")).stdout).toMatch(/wrote my-lock\.ts/);
    const { stdout } = await run("npm", ["run", "redquake:check"], { cwd: project });
    expect(stdout).toMatch(/my-lock@1\.0\.0 keeps its contract/);
  });
});

describe.each([
  ["delivery", "delivery-leavers"],
  ["cache", "cache-steady"],
  ["leader", "leader-resignations"],
  ["client", "client-control"],
])("a %s of the user's own, by its page's words alone", (kind, campaign) => {
  const page = { delivery: "delivery", cache: "caches", leader: "leaders", client: "clients" }[kind];
  const file = `my-own-${kind}.ts`;

  it("keeps its contract, and goes through a campaign", async () => {
    const text = readFileSync(join(packageRoot, `docs/${page}.md`), "utf8");
    writeFileSync(join(project, file), String(/```ts\n([^]*?)```/.exec(text)?.[1]));
    writeFileSync(join(project, "my-leader.ts"), MY_LEADER);
    expect((await redquake("adapter-test", `./${file}`)).stdout).toMatch(/my-\w+@1\.0\.0 keeps its contract/);
    const flags = ["--adapter", `./${file}`, "--time-limit", "3s", "--json"];
    const { stdout } = await redquake("campaigns", campaign, ...flags);
    expect(JSON.parse(stdout)).toMatchObject({ campaign, outcome: "passed" });
  });
});

/** An election as somebody might have written it: the page's adapter is for a class like this one. */
const MY_LEADER = `
import { EventEmitter } from "node:events";

const RENEW = 'return redis.call("GET", KEYS[1]) == ARGV[1] and redis.call("PEXPIRE", KEYS[1], ARGV[2]) or 0';
const RESIGN = 'return redis.call("GET", KEYS[1]) == ARGV[1] and redis.call("DEL", KEYS[1]) or 0';

let count = 0;

export class MyLeader extends EventEmitter {
  until = 0;
  told = false;
  timer;
  constructor(client, { key, ttl }) {
    super();
    Object.assign(this, { client, key, ttl, me: \`\${process.pid}:\${(count += 1)}\` });
  }
  start() {
    this.timer = setInterval(() => void this.tick(), this.ttl / 5);
    void this.tick();
  }
  isLeader() {
    return performance.now() < this.until;
  }
  async tick() {
    const asked = performance.now();
    const done = await (this.told
      ? this.client.eval(RENEW, 1, this.key, this.me, this.ttl)
      : this.client.set(this.key, this.me, "PX", this.ttl, "NX")
    ).catch((error) => void this.emit("error", error));
    if (this.timer === undefined) return;
    if (done) this.until = asked + this.ttl;
    if (this.isLeader() !== this.told) this.emit((this.told = !this.told) ? "elected" : "demoted");
  }
  async stop() {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.client.eval(RESIGN, 1, this.key, this.me);
    if (this.told) this.emit("demoted");
    [this.told, this.until] = [false, 0];
  }
}
`;

const OTHER_LOCK = `
const { createLock, LockAcquisitionError } = require("ioredis-lock");

exports.adapter = {
  name: "ioredis-lock@4.0.0",
  refused: (error) => error instanceof LockAcquisitionError && /^Could not acquire/.test(error.message),
  open({ redis }) {
    const client = redis();
    return {
      async acquire(key, ttlMs) {
        const lock = createLock(client, { timeout: ttlMs, retries: 0 });
        await lock.acquire(key);
        return { release: () => lock.release(), extend: (ms) => lock.extend(ms) };
      },
    };
  },
};
`;

describe("runs from code, by the page's words alone", () => {
  const page = readFileSync(join(packageRoot, "docs/library.md"), "utf8");
  const examples = new Map(
    [...page.matchAll(/```ts (\S+)\n([^]*?)```/g)].map(([, name = "", code = ""]) => [name, code]),
  );
  const REGISTER = [
    `{"process":0,"type":"invoke","f":"write","value":1}`,
    `{"process":0,"type":"ok","f":"write","value":1}`,
    `{"process":1,"type":"invoke","f":"read","value":null}`,
    `{"process":1,"type":"ok","f":"read","value":1}`,
  ];

  // After the tests of the README's adapter, `my-lock.ts` and all packages are in the project.
  beforeAll(async () => {
    for (const [name, code] of examples) writeFileSync(join(project, name), code);
    writeFileSync(join(project, "register.jsonl"), `${REGISTER.join("\n")}\n`);
    writeFileSync(join(project, "stale.jsonl"), `${REGISTER.join("\n").replace(/1}$/, "7}")}\n`);
    await run("npm", ["pkg", "set", "type=module"], { cwd: project });
  });

  it("has its examples, and the one that runs a campaign has at most 15 lines", () => {
    expect([...examples.keys()]).toEqual(["script.ts", "my.campaign.ts", "hits.campaign.ts", "lock.test.ts"]);
    expect(examples.get("script.ts")?.trimEnd().split("\n").length).toBeLessThanOrEqual(15);
  });

  it("runs a campaign with an adapter, and writes nothing by itself", async () => {
    const { stdout, stderr } = await run(process.execPath, ["script.ts"], { cwd: project });
    const [outcome, ...rest] = stdout.trimEnd().split("\n");
    expect(outcome, stdout).toBe("passed");
    expect(rest.at(-1)).toMatch(/report\.html$/);
    expect(
      rest.slice(0, -1).every((line) => /^[\w -]+: holds\. /.test(line)),
      stdout,
    ).toBe(true);
    expect(stderr).toMatch(/phase load/);
    const quiet = `import { campaigns, run } from "redquake/run"; await run(campaigns["lock-simple"], { loadMs: 1500 });`;
    expect(await run(process.execPath, ["--input-type=module", "-e", quiet], { cwd: project })).toEqual({
      stdout: "",
      stderr: "",
    });
  });

  it("heals, saves and cleans up when its signal is aborted", async () => {
    const script = `
      import { campaigns, run } from "redquake/run";
      const controller = new AbortController();
      const onProgress = (line) => line.includes("phase load") && controller.abort();
      const { outcome, doubts } = await run(campaigns["lock-simple"], { signal: controller.signal, onProgress });
      console.log(outcome, doubts.length);
    `;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: project });
    expect(stdout).toBe("undecided 1\n");
  });

  it("throws errors with codes", async () => {
    const script = `
      import { campaigns, run } from "redquake/run";
      const attempts = [
        [campaigns["lock-simpel"], {}],
        [campaigns["lock-simple"], { seed: -1 }],
        [campaigns["lock-simple"], { adapter: { acquire() {} } }],
        [campaigns["lock-simple"], { toxiproxy: "127.0.0.1:8474" }],
        [campaigns["lock-simple"], { adapter: "./nowhere.ts" }],
        [campaigns["lock-simple"], { signal: AbortSignal.abort() }],
      ];
      for (const attempt of attempts) {
        const error = await run(...attempt).catch((error) => error);
        console.log(error.code, error.message.split("\\n")[0]);
      }
    `;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: project });
    expect(stdout.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^REDQUAKE_USAGE .*needs a campaign/),
      expect.stringMatching(/^REDQUAKE_USAGE seed -1 must be/),
      expect.stringMatching(/^REDQUAKE_USAGE adapter must name the module/),
      expect.stringMatching(/^REDQUAKE_USAGE toxiproxy "127\.0\.0\.1:8474": .*http:\/\/127/),
      expect.stringMatching(/^REDQUAKE_ADAPTER/),
      expect.stringMatching(/^REDQUAKE_RUN_NOT_BEGUN/),
    ]);
  });

  it("runs a campaign of the user's own from the command line", async () => {
    const { stdout } = await redquake("campaigns", "--campaign", "./my.campaign.ts", "--seed", "7", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ campaign: "my-paused-holder", outcome: "passed" });
  });

  it("runs a workload, a fault and a checker of the user's own, and judges the run again only where that is allowed", async () => {
    const { stdout } = await redquake("campaigns", "--campaign", "./hits.campaign.ts", "--seed", "7", "--json");
    const { outcome, claims, folder } = JSON.parse(stdout) as {
      outcome: string;
      claims: { verdict: string; reason: string }[];
      folder: string;
    };
    expect([outcome, claims[0]?.verdict], stdout).toEqual(["passed", "broken"]);
    expect(claims[0]?.reason).toMatch(/^\d+ increments were acknowledged, and the counter is at \d+\.$/);
    const refused = await redquake("check", folder).catch((error: { code: number; stderr: string }) => error);
    const [, code = ""] = /--allow-code '(module: [^']*hits\.campaign\.ts)'/.exec(refused.stderr) ?? [];
    expect(code, refused.stderr).not.toBe("");
    const again = await redquake("check", folder, "--allow-code", code);
    expect(again.stdout).toMatch(/passed[^]*increments were acknowledged/);
    const replayed = await redquake("replay", folder).catch((error: { code: number; stderr: string }) => error);
    expect(replayed.stderr).toContain("--allow-code");
  });

  it("has matchers for vitest", async () => {
    const { stdout } = await run("npx", ["vitest", "run", "lock.test.ts"], { cwd: project });
    expect(stdout).toMatch(/2 passed/);
    writeFileSync(
      join(project, "red.test.ts"),
      `import { readHistory } from "redquake/history";
       import { run } from "redquake/run";
       import "redquake/vitest";
       import { expect, it } from "vitest";
       import { pausedHolder } from "./my.campaign.ts";
       it("breaks", { timeout: 120_000 }, async () => expect(await run(pausedHolder, { seed: 7 })).toBreak("resource"));
       it("is stale", async () => expect(await readHistory("stale.jsonl")).toBeLinearizable("register"));
       it("names", () => expect({ campaign: "c", claims: [{ id: "resource" }] }).toHold("resuorce"));`,
    );
    const red = await run("npx", ["vitest", "run", "red.test.ts"], { cwd: project }).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    const text = `${red.stdout}${red.stderr}`;
    expect(text).toMatch(/expected "resource" of my-paused-holder \(seed 7\) to be broken, but its verdict is holds/);
    expect(text).toMatch(/expected the history to be linearizable \(register\)/);
    expect(text).toMatch(/c has no claim "resuorce"; did you mean "resource"|c has no claim "resuorce".*resource/);
  });

  it("is right by its types", async () => {
    const compiler = join(packageRoot, "node_modules/typescript/bin/tsc");
    const flags = ["--noEmit", "--strict", "--skipLibCheck", "--allowImportingTsExtensions", "--module", "nodenext"];
    const files = ["script.ts", "my.campaign.ts", "hits.campaign.ts", "lock.test.ts"];
    const { stdout } = await run(
      process.execPath,
      [compiler, ...flags, "--target", "es2024", "--types", "node", ...files],
      { cwd: project },
    );
    expect(stdout).toBe("");
    const typed = String(examples.get("my.campaign.ts"));
    writeFileSync(join(project, "wrong.ts"), typed.replace('{ target: "w1" }', '{ target: "w1", dirction: "forth" }'));
    const wrong = await run(
      process.execPath,
      [compiler, ...flags, "--target", "es2024", "--types", "node", "wrong.ts"],
      { cwd: project },
    ).catch((error: { stdout: string }) => error);
    expect(wrong.stdout).toMatch(/'dirction' does not exist/);
    writeFileSync(
      join(project, "wrong-worker.ts"),
      typed.replace('workers("client", 3)', 'workers("client", 3, 1, { thinkMS: 5 })'),
    );
    const wrongWorker = await run(
      process.execPath,
      [compiler, ...flags, "--target", "es2024", "--types", "node", "wrong-worker.ts"],
      { cwd: project },
    ).catch((error: { stdout: string }) => error);
    expect(wrongWorker.stdout).toMatch(/the role client has no option thinkMS/);
  });
});
