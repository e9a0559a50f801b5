/**
 * The same run has the same outcome wherever it is told: by the call that made it, `check`, `merge`, JUnit and the list
 * of runs.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageRoot } from "../../../../machine/package-root.ts";
import { procTable } from "../../../../machine/process-table.ts";
import { commandLine } from "../../in-process.ts";
import { startRedquake } from "../../redquake.ts";

let folder: string;
let results: string;
let env: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "outcomes-test-"));
  results = join(folder, "results");
  env = { TMPDIR: mkdtempSync(join(folder, "tmp-")) };
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const RUN = ["campaigns", "lock-simple", "--seed", "42", "--host", "process"];

interface Told {
  readonly outcome: string;
  readonly sentence: string;
  readonly folder: string;
}

async function expectEverywhere(outcome: string, code: number, word: string): Promise<void> {
  const checked = await commandLine(["check", join(results, "latest"), "--json"]);
  expect({ code: checked.code, ...(JSON.parse(checked.stdout) as Told) }).toMatchObject({ code, outcome });
  const merged = await commandLine(["merge", results, "--out", join(folder, "merged"), "--json"]);
  expect(merged.code, merged.stderr).toBe(code);
  expect(JSON.parse(merged.stdout)).toMatchObject({ exitCode: code, runs: [{ outcome }] });
  for (const index of [join(results, "index.html"), join(folder, "merged", "index.html")])
    expect(readFileSync(index, "utf8")).toContain(word);
  const junit = readFileSync(join(folder, "merged", "junit.xml"), "utf8");
  expect(junit).toMatch(/<testsuites name="redquake" tests="[1-9]\d*" failures="0" errors="[1-9]/);
}

describe("an interrupted run", () => {
  it("is undecided, and is listed beside those that were not begun", async () => {
    const run = startRedquake([...RUN, "--time-limit", "100h", "--repeat", "2", "--json", "--results", results], {
      env,
    });
    await run.sees("phase load");
    run.child.kill("SIGINT");
    const { code, stdout } = await run.ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "undecided",
      exitCode: 2,
      sentence: expect.stringMatching(/The run was interrupted, or killed, before it had come to its end/),
    });
    await expectEverywhere("undecided", 2, "Undecided");
    expect(readFileSync(join(results, "index.html"), "utf8")).toMatch(/Not run[^]*not begun, or cut off/);
  });
});

describe("a run in which the harness failed", () => {
  it("is that everywhere", async () => {
    const run = startRedquake([...RUN, "--time-limit", "10m", "--json", "--results", results], { env });
    await run.sees("phase load");
    const worker = procTable
      .list()
      .find(
        ({ pid }) =>
          procTable.variable(pid, "REDQUAKE_COORDINATOR")?.startsWith(`${run.child.pid}:`) === true &&
          readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("worker/main"),
      );
    process.kill(worker?.pid ?? 0, "SIGKILL");
    const { code, stdout } = await run.ended;
    const told = JSON.parse(stdout) as Told;
    expect(code).toBe(255);
    expect(told).toMatchObject({
      outcome: "harness-failed",
      sentence: expect.stringMatching(/^worker \w+ ended unexpectedly \(SIGKILL\)/),
      folder: expect.stringContaining(results),
    });
    await expectEverywhere("harness-failed", 255, "Harness failed");
  });
});

/** A small disk of one's own, in a mount namespace that is gone with the process. */
const OWN_DISK = ["unshare", ...(process.getuid?.() === 0 ? ["-m"] : ["-Urm"]), "sh", "-c"] as const;
const [unshare, ...unshareArgs] = OWN_DISK;
const mountable = spawnSync(unshare, [...unshareArgs, 'mount -t tmpfs -o size=1m tmpfs "$0"', tmpdir()]).status === 0;

describe.skipIf(!mountable)(
  `a disk that becomes full${mountable ? "" : " (skipped: no file system can be mounted)"}`,
  () => {
    it.each([
      ["while the history is written", 40, "harness-failed"],
      ["when the report is to be written", 130, undefined],
      ["when nothing but the list of runs is to be written", 260, undefined],
    ])("%s: the run has the same outcome once there is room again", (_when, freeKb, expected) => {
      const disk = mkdtempSync(join(folder, "disk-"));
      const cli = `"${process.execPath}" --no-warnings "${join(packageRoot, "bin/redquake.js")}"`;
      const script = join(folder, "script.sh");
      writeFileSync(
        script,
        `mount -t tmpfs -o size=4m tmpfs "${disk}"
dd if=/dev/zero of="${disk}/ballast" bs=1k count=${4096 - freeKb} 2>/dev/null
${cli} ${RUN.join(" ")} --time-limit 2s --json --results "${disk}/results" 2>"${folder}/err"; echo "exit code $?"
rm "${disk}/ballast"
${cli} check "${disk}/results/latest" --json; echo "exit code $?"
${cli} merge "${disk}/results" --out "${disk}/merged" --json; echo "exit code $?"
grep "<testsuites" "${disk}/merged/junit.xml"
`,
      );
      const { stdout } = spawnSync(unshare, [...unshareArgs, `sh "${script}"`], {
        env: { ...process.env, ...env },
        encoding: "utf8",
      });
      const seen = `${stdout}\n${readFileSync(join(folder, "err"), "utf8")}`;
      const outcomes = [...stdout.matchAll(/"outcome":"([\w-]+)"/g)].map(([, outcome]) => outcome);
      const codes = [...stdout.matchAll(/^exit code (\d+)$/gm)].map(([, code]) => code);
      expect(outcomes, seen).toHaveLength(3);
      expect(new Set(outcomes).size, seen).toBe(1);
      expect(new Set(codes).size, seen).toBe(1);
      if (expected !== undefined) expect(outcomes[0], seen).toBe(expected);
      const wrong = codes[0] === "0" ? 0 : 1;
      expect(stdout, seen).toMatch(
        new RegExp(`<testsuites name="redquake" tests="\\d+" failures="0" errors="${wrong}"`),
      );
    });
  },
);
