/** What a checkout runs on: its sources, compiled at first use and after an edit. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../machine/package-root.ts";
import { redquake } from "../cli/redquake.ts";

const run = promisify(execFile);

const NOT_COPIED = new Set([".cache", ".git", "dist", "docs", "node_modules", "results", "test"]);

describe("a checkout", () => {
  let work: string;
  let checkout: string;

  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), "compiled-test-"));
    checkout = join(work, "checkout");
    cpSync(packageRoot, checkout, { recursive: true, filter: (file) => !NOT_COPIED.has(relative(packageRoot, file)) });
    symlinkSync(join(packageRoot, "node_modules"), join(checkout, "node_modules"));
  });

  afterAll(() => rmSync(work, { recursive: true, force: true }));

  const start = (...args: readonly string[]): Promise<{ stdout: string; stderr: string }> =>
    run(process.execPath, [join(checkout, "bin/redquake.js"), ...args]);

  const builds = (): string[] =>
    readdirSync(join(checkout, ".cache/programs"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);

  it("compiles itself at its first start, also when several start at once, and starts from that ever after", async () => {
    const both = await Promise.all([start("--version"), start("--version")]);
    expect(both.map(({ stdout }) => stdout)).toEqual(Array(2).fill(expect.stringMatching(/^\d+\.\d+\.\d+\n$/)));
    const before = builds();
    await start("--version");
    expect(builds()).toEqual(before);
  });

  it("compiles itself again after an edit, and names the lines of its sources in stacks", async () => {
    const file = join(checkout, "cli/command-line.ts");
    const edited = readFileSync(file, "utf8").replace("try {\n", `try {\n    throw new Error("edited");\n`);
    writeFileSync(file, edited);
    const line = edited.split("\n").findIndex((each) => each.includes("edited")) + 1;
    await expect(start("--version")).rejects.toMatchObject({
      code: 255,
      stderr: expect.stringMatching(
        new RegExp(
          `internal error: Error: edited\\n +at \\S+ \\(file://${checkout}/cli/command-line\\.ts:${line}:11\\)\\n`,
        ),
      ) as string,
    });
  });

  it("does not start from sources that cannot be compiled", async () => {
    writeFileSync(join(checkout, "cli/main.ts"), `import "./nowhere.ts";`);
    await expect(start("--version")).rejects.toMatchObject({
      stderr: expect.stringContaining("nowhere.ts") as string,
    });
  });
});

it("gives modules of a user's own that import its sources the modules that the process runs on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "own-module-test-"));
  try {
    const file = join(folder, "own.campaign.mjs");
    const entry = join(packageRoot, "campaigns/declare/index.ts");
    writeFileSync(file, `throw new Error("it is " + import.meta.resolve(${JSON.stringify(entry)}))`);
    const { stderr } = await redquake(["campaigns", "--list", "--campaign", file]);
    expect(stderr).toMatch(/it is file:\S*\/\.cache\/programs\/[^/]+\/campaigns\/declare\/index\.js$/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
