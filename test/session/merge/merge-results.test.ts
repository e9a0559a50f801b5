/** Merging from code; what it makes of stored runs is what test/cli/commands/stored/merge.test.ts sees. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { mergeResults, UsageError } from "../../../session/index.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "merge-results-test-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("returns the files and what is missing, and tells it", async () => {
  mkdirSync(join(folder, "shard-1"));
  const notices: string[] = [];
  const merged = await mergeResults([join(folder, "shard-1")], {
    out: join(folder, "merged"),
    onNotice: (sentence) => notices.push(sentence),
  });
  expect(merged).toMatchObject({ exitCode: 2, copied: 0, runs: [] });
  expect(merged.problems).toHaveLength(1);
  expect(notices).toEqual(merged.problems);
  for (const file of [merged.index, merged.junit, merged.summary, merged.durations])
    expect(existsSync(file), file).toBe(true);
});

it("refuses a folder that does not exist", async () => {
  const merging = mergeResults([join(folder, "shard-9")], { out: join(folder, "merged") });
  await expect(merging).rejects.toThrow(UsageError);
});
