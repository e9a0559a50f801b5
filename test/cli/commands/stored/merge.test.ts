/** Merging what several machines have stored. The runs are computed, see `lock-run.ts`; nothing here needs Redis. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Session } from "../../../../store/session.ts";
import type { StoredRun } from "../../../../store/stored-run.ts";
import { lockRun, storeRun } from "../../../report/lock-run.ts";
import type { Ended } from "../../redquake.ts";
import { redquake } from "../../redquake.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "merge-test-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const HOSTILE = "</testcase>|`<b>\u0000]]>&\uffff *_#";

interface StoreOptions {
  readonly promised?: boolean;
  readonly hostile?: string;
  readonly name?: string;
}

/** A run in which a claim is broken: a hope, or else a promise. */
async function store(
  shard: string,
  seed: number,
  { promised = false, hostile, name }: StoreOptions = {},
): Promise<StoredRun> {
  const run = lockRun(
    { seed, workers: 3, keys: 1, loadMs: 2500, ...(hostile === undefined ? {} : { hostile }) },
    join(folder, shard, "lock-paused-holder", name ?? `2026-11-25T03-17-0${seed}-000Z-${seed}`),
  );
  const { verdict } = run;
  if (verdict === undefined) throw new Error("the run of the tests has no verdict");
  const claims = verdict.claims.map((each) =>
    each.result.verdict === "broken" && promised
      ? { ...each, claim: { ...each.claim, standing: "promised" as const, expect: "holds" as const } }
      : each,
  );
  const stored: StoredRun = {
    ...run,
    run: { ...run.run, machine: `machine-of-${shard}`, interrupted: false },
    verdict: { ...verdict, claims, outcome: promised ? "failed" : "passed" },
  };
  await storeRun(stored);
  return stored;
}

function storeSession(shard: string, session: Partial<Session>): void {
  const whole = {
    version: 1,
    startedAt: "2026-11-25T03:17:00.000Z",
    machine: `machine-of-${shard}`,
    runs: [],
    ...session,
  };
  mkdirSync(join(folder, shard), { recursive: true });
  writeFileSync(join(folder, shard, "session-2026-11-25T03-17-00-000Z-1.json"), JSON.stringify(whole));
}

function merge(...args: readonly string[]): Promise<Ended> {
  return redquake(["merge", ...args, "--out", "merged"], { cwd: folder });
}

function merged(file: string): string {
  return readFileSync(join(folder, "merged", file), "utf8");
}

interface JUnit {
  readonly testsuites: {
    readonly tests: string;
    readonly failures: string;
    readonly errors: string;
    readonly skipped: string;
  };
}

function junit(): JUnit["testsuites"] {
  const text = merged("junit.xml");
  expect(XMLValidator.validate(text)).toBe(true);
  return (new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "" }).parse(text) as JUnit).testsuites;
}

describe("merge", () => {
  it("makes one list, one JUnit file, one summary and one file of durations", async () => {
    await store("a", 1);
    await store("b", 2);
    storeSession("b", {
      shard: "2/2",
      runs: [
        {
          campaign: "lock-paused-holder",
          seed: 2,
          end: "judged",
          folder: "lock-paused-holder/2026-11-25T03-17-02-000Z-2",
        },
      ],
    });
    const { code, stdout, stderr } = await merge("a", "b");
    expect(code, stderr).toBe(0);
    expect(stdout).toBe("merged/index.html\nmerged/junit.xml\nmerged/summary.md\nmerged/durations.json\n");
    expect(merged("index.html")).toContain("2 stored runs");
    expect(junit()).toMatchObject({ failures: "0", errors: "0", skipped: "0" });
    const summary = merged("summary.md");
    expect(summary).toMatch(/^# redquake: everything came out as it should\n\n2 stored runs: 2 passed\.\n/);
    expect(summary).toMatch(/\| 2\/2 \| machine-of-b \| redis .* \| 1 \|/);
    expect(summary).toMatch(/\| all \| machine-of-a \|/);
    expect(summary).toMatch(/broken \(demonstrated\) ×2/);
    expect(JSON.parse(merged("durations.json"))).toEqual({
      version: 1,
      milliseconds: { "lock-paused-holder": expect.any(Number) as number },
    });
  });

  it("ends with 1 when a promise was broken, and tells how and which command repeats it", async () => {
    await store("a", 1);
    const { run } = await store("b", 2, { promised: true });
    expect((await merge("a", "b")).code).toBe(1);
    const summary = merged("summary.md");
    expect(summary).toMatch(/^# redquake: promises were broken in 1 run\n/);
    expect(summary).toMatch(/## The first counterexample\n[^]*\| # \| ms since the start \| who \| what \|\n[^]*pause/);
    expect(summary).toContain(`\`\`\`\n${run.commandLine}\n\`\`\``);
    expect(summary).toContain("**BROKEN**");
    expect(Number(junit().failures)).toBeGreaterThan(0);
  });

  it("lets no text of a run be markup", async () => {
    await store("a", 1, { promised: true, hostile: HOSTILE });
    expect((await merge("a")).code).toBe(1);
    junit();
    const outsideOfCode = merged("summary.md").replaceAll(/^```\n[^]*?\n```$/gm, "");
    expect(outsideOfCode).not.toContain("<b>");
    expect(outsideOfCode).not.toMatch(/(?<!\\)`/);
  });

  it("keeps one of two copies of a run, and both of two runs that have the same name", async () => {
    const { folder: original } = await store("a", 1);
    cpSync(join(folder, "a"), join(folder, "b"), { recursive: true });
    await store("c", 2, { name: "2026-11-25T03-17-01-000Z-1" });
    const { code, stderr } = await merge("a", "b", "c");
    expect(code).toBe(0);
    expect(stderr).toMatch(/2026-11-25T03-17-01-000Z-1 of b is there already, the same in every byte/);
    expect(stderr).toMatch(
      /of c became lock-paused-holder\/2026-11-25T03-17-01-000Z-2-1, as another run has that name/,
    );
    expect(merged("index.html")).toContain("2 stored runs");
    expect(existsSync(original)).toBe(true);
  });

  it("can be done again, and in place", async () => {
    await store("merged", 1);
    await store("a", 2);
    expect((await merge("a", "merged")).code).toBe(0);
    const first = merged("summary.md");
    expect((await merge("merged")).code).toBe(0);
    expect(merged("summary.md")).toBe(first);
  });

  it("judges runs that died before they were judged", async () => {
    const { folder: run, plan } = await store("a", 1);
    const claims = plan.claims.map((claim) => ({ ...claim, checker: "lock-overlap", options: { level: "grant" } }));
    writeFileSync(join(run, "plan.json"), JSON.stringify({ ...plan, claims }));
    rmSync(join(run, "verdict.json"));
    const { stderr } = await merge("a");
    expect(stderr).toMatch(/2026-11-25T03-17-01-000Z-1 had no verdict and is judged now: /);
    expect(existsSync(join(run, "verdict.json"))).toBe(false);
    expect(merged("lock-paused-holder/2026-11-25T03-17-01-000Z-1/verdict.json")).toContain('"outcome"');
  });

  it("names runs that this version cannot judge", async () => {
    const { folder: run } = await store("a", 1);
    rmSync(join(run, "verdict.json"));
    const { code, stderr } = await merge("a");
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot be judged by this version of redquake: there is no checker/);
    expect(merged("summary.md")).toContain("not judged");
  });

  it("names what is damaged or empty, and is then no pass", async () => {
    const { folder: run } = await store("a", 1);
    await store("a", 2);
    rmSync(join(run, "verdict.json"));
    writeFileSync(join(run, "plan.json"), '{"version":1,"camp');
    mkdirSync(join(folder, "a", "lock-simple", "2026-11-25T03-17-00-000Z-9", "logs"), { recursive: true });
    mkdirSync(join(folder, "empty"));
    const { code, stderr } = await merge("a", "empty");
    expect(code).toBe(2);
    expect(stderr).toMatch(/T03-17-01-000Z-1 cannot be judged: plan.json is damaged/);
    expect(stderr).toMatch(/lock-simple\/2026-11-25T03-17-00-000Z-9 of a has neither plan.json/);
    expect(stderr).toMatch(/empty has no stored runs/);
    expect(merged("summary.md")).toMatch(/## Missing or damaged\n\n\* [^]*plan\.json is damaged/);
    expect(junit()).toMatchObject({ errors: "1" });
  });

  it("tells which runs were wanted and never came", async () => {
    await store("a", 1);
    storeSession("a", {
      shard: "1/2",
      runs: [
        { campaign: "redlock-clock-jump", seed: 3, end: "skipped", reason: "there is no C compiler" },
        { campaign: "lock-simple", seed: 3, end: "waiting" },
        { campaign: "lock-simple", seed: 4, end: "judged", folder: "lock-simple/gone" },
      ],
    });
    expect((await merge("a")).code).toBe(2);
    const summary = merged("summary.md");
    expect(summary).toMatch(/^# redquake: no promise was broken, but not everything was shown/);
    expect(summary).toContain("redlock-clock-jump (seed 3, machine-of-a, shard 1/2): skipped: there is no C compiler");
    expect(summary).toContain(
      "lock-simple (seed 3, machine-of-a, shard 1/2): not begun, or cut off in the middle of it",
    );
    expect(summary).toMatch(/lock-simple\/gone is not here/);
    expect(junit()).toMatchObject({ errors: "1", skipped: "1" });
  });

  it("misses nothing of a part that was to make no runs", async () => {
    await store("a", 1);
    storeSession("b", { shard: "2/2", runs: [] });
    const { code, stderr } = await merge("a", "b");
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/b was to make no runs/);
    expect(junit()).toMatchObject({ errors: "0" });
  });

  it("counts a run in which the harness failed once, and by that, whatever its history says", async () => {
    const { folder: own, run } = await store("a", 1);
    const { folder: told } = await store("a", 2);
    writeFileSync(join(own, "run.json"), JSON.stringify({ ...run, interrupted: true, failure: "the disk is full" }));
    storeSession("a", {
      runs: [
        { campaign: "lock-paused-holder", seed: 1, end: "waiting", folder: relative(join(folder, "a"), own) },
        // The disk had no room for a word about this one in the run itself.
        {
          campaign: "lock-paused-holder",
          seed: 2,
          end: "harness-failed",
          reason: "no proxies",
          folder: relative(join(folder, "a"), told),
        },
      ],
    });
    expect((await merge("a")).code).toBe(255);
    expect(junit()).toMatchObject({ tests: "2", failures: "0", errors: "2" });
    expect(merged("summary.md")).toMatch(/2 stored runs: 2 harness failed\.\n/);
    expect(merged("index.html")).toContain("The harness failed: the disk is full.");
    expect(merged("index.html")).toContain("The harness failed: no proxies.");
  });

  it("ends with 255 when the harness failed somewhere", async () => {
    await store("a", 1);
    storeSession("a", { runs: [{ campaign: "lock-simple", seed: 3, end: "harness-failed", reason: "no port" }] });
    expect((await merge("a")).code).toBe(255);
  });

  it.each([
    [["nowhere"], /there is no folder "nowhere"/],
    [["file"], /"file" is a file: name folders of results/],
    [["a", "--failing", "file"], /file is no list of failing seeds .*delete it to begin anew/],
  ])("refuses %j", async (args, sentence) => {
    await store("a", 1);
    writeFileSync(join(folder, "file"), "{}");
    const { code, stderr } = await merge(...args);
    expect(code).toBe(254);
    expect(stderr.replaceAll("\n", " ")).toMatch(sentence);
  });
});
