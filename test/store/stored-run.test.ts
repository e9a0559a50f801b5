import { mkdir, mkdtemp, readFile, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeIndex, writeReport } from "../../report/report.ts";
import type { StoredRun } from "../../store/stored-run.ts";
import { listRuns, NotAStoredRun, readStoredRun } from "../../store/stored-run.ts";
import { lockRun, storeRun } from "../report/lock-run.ts";

let results: string;

beforeEach(async () => {
  results = await mkdtemp(join(tmpdir(), "redquake-results-"));
});

afterEach(() => rm(results, { recursive: true, force: true }));

/** A sound run of 1.5 s, stored under this name. */
async function stored(name = "2026-11-25T00-40-12Z-42"): Promise<StoredRun> {
  const run = lockRun({ seed: 42, workers: 3, keys: 1, loadMs: 1500 }, join(results, "lock-paused-holder", name));
  await storeRun(run);
  return run;
}

describe("readStoredRun", () => {
  it("reads back what was stored", async () => {
    const written = await stored();
    const read = await readStoredRun(written.folder);
    expect(read.warnings).toEqual([]);
    expect(read.run).toEqual(written.run);
    expect(read.plan).toEqual(written.plan);
    expect(read.verdict).toEqual(written.verdict);
    expect(read.history.events).toEqual(written.history.events);
  });

  it("reads a run whose coordinator was killed: no verdict, lines without index and in no order, the last one cut off", async () => {
    const written = await stored();
    const { folder } = written;
    await unlink(join(folder, "verdict.json"));
    await unlink(join(folder, "run.json"));
    const lines = written.history.events.map((event) => JSON.stringify({ ...event, index: undefined }));
    // Every process writes its own events in order; the processes write side by side.
    const byWorker = Map.groupBy(lines, (line) => /"worker":"(\w+)"/.exec(line)?.[1] ?? "nemesis");
    const text = [...byWorker.values()].toReversed().flat().join("\n");
    await writeFile(join(folder, "history.jsonl"), `${text}\n{"time":99999999999,"process":2,"ty`);

    const read = await readStoredRun(folder);
    expect(read.verdict).toBeUndefined();
    expect(read.history.events.map((event) => event.time)).toEqual(written.history.events.map((event) => event.time));
    expect(read.run).toMatchObject({ campaign: "lock-paused-holder", seed: 42, interrupted: true });
    expect(read.run.startedAt).toBe("2026-11-25T00:40:12.000Z");
    expect(read.warnings.join("\n")).toMatch(/run\.json cannot be read \(ENOENT\)/);
    const page = await readFile(await writeReport(read), "utf8");
    expect(page).toContain("Not judged");
    expect(page).toContain("run.json cannot be read (ENOENT)");
  });

  it.each([
    ["cut off", '{"version":1,"campaign":"lock'],
    ["of another shape", '{"version":2,"claims":"none"}'],
    ["empty", ""],
  ])("takes files that are %s for warnings, not for errors", async (_, content) => {
    const { folder } = await stored();
    for (const file of ["run.json", "plan.json", "verdict.json"]) await writeFile(join(folder, file), content);
    await writeFile(join(folder, "history.jsonl"), "{}\nnot JSON\n");
    const read = await readStoredRun(folder);
    expect(read.verdict).toBeUndefined();
    expect(read.history.events).toEqual([]);
    expect(read.warnings).toHaveLength(4);
    await writeReport(read);
    await writeIndex(results);
  });

  it("refuses a folder that holds no run", async () => {
    await expect(readStoredRun(results)).rejects.toThrow(NotAStoredRun);
    await expect(readStoredRun(join(results, "absent"))).rejects.toThrow(
      /is not a stored run: it has none of run.json/,
    );
  });
});

describe("listRuns", () => {
  it("lists runs newest first, and a run that latest points at once", async () => {
    const names = ["2026-11-24T23-59-59Z-7", "2026-11-25T00-40-12Z-42", "20261126T101112Z-9"];
    for (const name of names) {
      const run = await stored(name);
      await unlink(join(run.folder, "run.json"));
    }
    await symlink(join(results, "lock-paused-holder", names[2] ?? ""), join(results, "latest"));
    const listed = await listRuns(results);
    expect(listed.map((run) => [run.name, run.seed])).toEqual([
      [names[2], 9],
      [names[1], 42],
      [names[0], 7],
    ]);
  });

  it("finds nothing where there is nothing", async () => {
    await mkdir(join(results, "campaign-without-runs"));
    expect(await listRuns(results)).toEqual([]);
    expect(await listRuns(join(results, "absent"))).toEqual([]);
    expect(await readFile(await writeIndex(results), "utf8")).toContain("No runs yet");
  });
});
