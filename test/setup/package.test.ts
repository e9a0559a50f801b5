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
}, 300_000);

afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

function redquake(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return run("npx", ["redquake", ...args], { cwd: project });
}

describe("the installed command", () => {
  it("tells its version and its commands", async () => {
    expect((await redquake("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
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
      names.split(", "),
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
    await run(
      "npm",
      ["install", "--prefer-offline", "redis-semaphore@5.8.0", "ioredis-lock@4.0.0", "--legacy-peer-deps"],
      { cwd: project },
    );
  }, 120_000);

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
