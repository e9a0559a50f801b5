/** `check`, `report`, `merge` and `replay` over a folder of runs as a stranger could send them. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { XMLValidator } from "fast-xml-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostileRun } from "../../../report/hostile-runs.ts";
import { makeHostileRuns, SOUND } from "../../../report/hostile-runs.ts";
import type { Ended } from "../../redquake.ts";
import { redquake } from "../../redquake.ts";

const MOST_KIBIBYTES = 2 ** 20;
/** Writes down how much memory the process has had at most. */
const MEASURED = `data:text/javascript,${encodeURIComponent(
  `import { writeFileSync } from "node:fs";
process.on("exit", () => writeFileSync(process.env.MEASURED, String(process.resourceUsage().maxRSS)));`,
)}`;
/**
 * What stays of what no terminal may get: but for line ends all control characters, and marks of the writing's
 * direction.
 */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

let folder: string;
let results: string;
let outside: string;
let runs: HostileRun[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hostile-runs-"));
  results = join(folder, "results");
  outside = join(folder, "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "precious"), "precious");
  runs = await makeHostileRuns(results, outside);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The command has ended in order, has said what it had to in plain lines, and has left alone what is not its own. */
async function survives(...args: readonly string[]): Promise<Ended> {
  const measured = join(folder, "measured");
  const ended = await redquake(args, {
    cwd: folder,
    env: { NODE_OPTIONS: `--import=${MEASURED}`, MEASURED: measured },
  });
  const { stdout, stderr } = ended;
  expect(stderr).not.toMatch(/internal error|^ +at .*:\d+:\d+\)?$/m);
  expect(CONTROL.exec(stdout)).toBeNull();
  expect(CONTROL.exec(stderr)).toBeNull();
  expect(`${stdout}\n${stderr}`).not.toMatch(/^results\/other: passed/m);
  expect(readdirSync(outside)).toEqual(["precious"]);
  expect(readFileSync(join(outside, "precious"), "utf8")).toBe("precious");
  expect(readdirSync(folder).filter((name) => !["results", "outside", "measured", "merged"].includes(name))).toEqual(
    [],
  );
  expect(Number(readFileSync(measured, "utf8"))).toBeLessThan(MOST_KIBIBYTES);
  return ended;
}

describe("a folder of hostile runs", () => {
  it("is checked: each run is judged, or refused in a sentence", async () => {
    const { code, stdout, stderr } = await survives("check", ...runs.map((run) => run.folder));
    expect(code).toBe(1);
    for (const { name, folder: run } of runs) {
      const told = stdout.includes(`${run}: `) || stderr.includes(`redquake: ${run} `);
      expect(told, name).toBe(true);
    }
    const refusals = stderr.split("\n").filter((line) => line.startsWith("redquake: "));
    const links = runs.filter(({ name }) => /\.\w+ is a (link|named pipe|folder)/.test(name));
    expect(refusals.filter((line) => / is refused: its \S+ is a /.test(line))).toHaveLength(links.length);
    expect(stderr).toMatch(/a line has more than 32 MiB/);
    expect(stderr).toMatch(/more than 5,000,000 lines/);
    expect(stderr).toMatch(/nested more than 500 deep/);
    expect(stderr).toMatch(/larger than 16 MiB/);
  });

  it("is checked with --json, each line of it JSON", async () => {
    const told = runs.filter(({ name }) => name.includes("control characters"));
    const { stdout } = await survives("check", "--json", ...told.map((run) => run.folder));
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(told.length);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty("outcome");
  });

  it("is reported as far as it can be", async () => {
    const { code, stdout } = await survives("report", ...runs.map((run) => run.folder));
    expect(code).toBe(254);
    const reports = stdout.trimEnd().split("\n");
    expect(reports.length).toBeGreaterThan(runs.length / 2);
    for (const report of reports) expect(lstatSync(join(folder, report)).isFile()).toBe(true);
  });

  it("is merged but for what is refused, and the sound run with it", async () => {
    const { code, stderr } = await survives("merge", "results", "--out", "merged");
    expect(code).toBe(1);
    expect(stderr).toMatch(/is refused: its plan.json is a symbolic link/);
    expect(stderr).toMatch(/n1.log of .* is not copied: it is a symbolic link/);
    expect(existsSync(join(folder, "merged", "strangers", SOUND, "history.jsonl"))).toBe(true);
    const copied = readdirSync(join(folder, "merged"), { recursive: true, withFileTypes: true });
    expect(copied.filter((entry) => !entry.isFile() && !entry.isDirectory())).toEqual([]);
    expect(XMLValidator.validate(readFileSync(join(folder, "merged", "junit.xml"), "utf8"))).toBe(true);
    for (const file of ["junit.xml", "summary.md", "index.html"])
      expect(CONTROL.exec(readFileSync(join(folder, "merged", file), "utf8").replaceAll("\r", ""))).toBeNull();
  });

  it("is merged in place", async () => {
    const { code } = await survives("merge", "results", "--out", "results");
    expect(code).toBe(1);
  });

  it("is not replayed where a plan is hostile", async () => {
    const named = (wanted: string): string => runs.find(({ name }) => name === wanted)?.folder ?? "";
    const away = await survives("replay", named("plan has names that lead elsewhere"), "--results", "results");
    expect(away.code).toBe(254);
    expect(away.stderr).toMatch(/plan.json has a wrong campaign/);
    const link = await survives("replay", named("plan.json is a link"), "--results", "results");
    expect(link).toMatchObject({ code: 254, stdout: "" });
  });
});
