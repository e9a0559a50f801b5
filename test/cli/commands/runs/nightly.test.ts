/** A night on this machine: one short campaign and the canary, on plain processes. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageRoot } from "../../../../machine/package-root.ts";
import { parseFailingSeeds } from "../../../../store/failing-seeds.ts";
import type { Session } from "../../../../store/session.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nightly-test-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function nightly(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [join(packageRoot, "bin/redquake.js"), "nightly", ...args], {
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder, GITHUB_OUTPUT: "", GITHUB_STEP_SUMMARY: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: code as number | null, stdout, stderr };
}

describe("a night", () => {
  it("runs the failing seeds first, then all shards, the canary, and the merge", async () => {
    const summaryFile = join(folder, "github-summary.md");
    writeFileSync(
      join(folder, "failing-seeds.json"),
      JSON.stringify({
        version: 1,
        seeds: [
          {
            campaign: "lock-simple",
            seed: 3,
            outcome: "undecided",
            firstSeen: "2026-11-01T03:17:00.000Z",
            lastRun: "2026-11-01T03:17:00.000Z",
            passedSince: 0,
          },
        ],
      }),
    );
    const { code, stdout, stderr } = await nightly(
      [
        "all",
        "lock-simple",
        "--host",
        "process",
        "--suite",
        "quick",
        "--seed",
        "4",
        "--duration",
        "500ms",
        // One more than there are campaigns.
        "--shards",
        "2",
        "--results",
        ".",
      ],
      { GITHUB_STEP_SUMMARY: summaryFile },
    );
    // The canary decides nothing on a machine that is too busy; then the night is no pass, and all else is as it should
    // be.
    expect([0, 2], stderr).toContain(code);
    expect(stdout).toMatch(/^seed=4$/m);
    expect(stderr).toMatch(/first again: lock-simple \(seed 3\)/);
    const [night = ""] = readdirSync(folder).filter((name) => name.endsWith("Z-4"));
    const [session = ""] = readdirSync(join(folder, night, "shard-1-of-2")).filter((name) =>
      name.startsWith("session-"),
    );
    const record = JSON.parse(readFileSync(join(folder, night, "shard-1-of-2", session), "utf8")) as Session;
    expect(record).toMatchObject({
      shard: "1/2",
      runs: [
        { seed: 3, end: "judged" },
        { seed: 4, end: "judged" },
      ],
    });
    const merged = join(folder, night, "merged");
    for (const file of ["index.html", "junit.xml", "summary.md", "durations.json"]) {
      expect(existsSync(join(merged, file)), file).toBe(true);
    }
    expect(readFileSync(summaryFile, "utf8")).toBe(readFileSync(join(merged, "summary.md"), "utf8"));
    expect(readFileSync(summaryFile, "utf8")).toContain("2 stored runs");
    const failing = parseFailingSeeds(readFileSync(join(folder, "failing-seeds.json"), "utf8"));
    expect(failing).toContainEqual(expect.objectContaining({ campaign: "lock-simple", seed: 3 }));
    if (code === 0) expect(stderr).toMatch(/the canary is red, as it must be/);
    expect(existsSync(join(night === "" ? folder : join(folder, night), "canary", "canary"))).toBe(true);
  }, 180_000);

  it("tells GitHub the seed, and begins a list of failing seeds", async () => {
    const output = join(folder, "output");
    const { code, stdout } = await nightly(["prepare", "--seed", "", "--failing", "failing-seeds.json"], {
      GITHUB_OUTPUT: output,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^seed=\d+\n$/);
    expect(readFileSync(output, "utf8")).toBe(stdout);
    expect(parseFailingSeeds(readFileSync(join(folder, "failing-seeds.json"), "utf8"))).toEqual([]);
  });

  it("names shards that left nothing behind, and is then no pass", async () => {
    const { code, stderr } = await nightly([
      "merge",
      "--host",
      "docker",
      "--redis",
      "7.0",
      "--shards",
      "2",
      "--results",
      "shards",
    ]);
    expect(code).toBe(2);
    for (const shard of ["1", "2"])
      expect(stderr).toMatch(new RegExp(`shards/shard-7.0-${shard}-of-2 has no stored runs`));
    expect(readFileSync(join(folder, "merged", "summary.md"), "utf8")).toMatch(/^# redquake: no runs/);
  });

  it.each([
    [["shard", "--shard", "1/2"], /required option '--seed <n>'/],
    [["all", "--host", "process", "--redis", "7.0", "8.0"], /--redis 7.0 8.0 are several/],
    [["dance", "--sted"], /unknown option '--sted'/],
  ])("refuses %j", async (args, sentence) => {
    const { code, stderr } = await nightly(args);
    expect(code).toBe(254);
    expect(stderr).toMatch(sentence);
  });
});
