/** The published package: packed, installed into an empty folder, and used from there. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { campaigns } from "../../campaigns/index.ts";
import { packageRoot } from "../../package-root.ts";

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
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "project", type: "module" }));
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
