/** The table of locks × campaigns, as a terminal shows it. */
import { expect, it } from "vitest";
import { colorsFor } from "../../../cli/terminal/colors.ts";
import { lockTable } from "../../../cli/terminal/lock-table.ts";
import type { LockCell, LockMatrix, LockRun } from "../../../report/locks/lock-matrix.ts";

it("says what a level means that is marked as hoped", () => {
  const run: LockRun = { lock: "mine", campaign: "lock-cut-off-holder", verdict: undefined };
  const cell = (words: string): LockCell<LockRun> => ({ words, tone: "shown", shown: run, runs: [run] });
  const table = (words: string): string =>
    lockTable({ locks: [run.lock], campaigns: [run.campaign], cell: () => cell(words) }, 80, colorsFor({}, {}));
  expect(table("broken: grant (hoped)")).toMatch(/\n\n\(hoped\): nobody promises that level of such a lock; /);
  expect(table("broken: belief")).not.toContain("nobody promises");
});

it("breaks cells between words", () => {
  const run: LockRun = { lock: "mine@1.0.0", campaign: "lock-cut-off-holder", verdict: undefined };
  const cell: LockCell<LockRun> = {
    words: "broken: grant, belief, resource; hangs",
    tone: "bad",
    shown: run,
    runs: [run],
  };
  const matrix: LockMatrix<LockRun> = { locks: [run.lock], campaigns: [run.campaign], cell: () => cell };
  expect(
    lockTable(matrix, 80, colorsFor({}, {}))
      .split("\n")
      .map((line) => line.trim()),
  ).toEqual([
    expect.stringMatching(/^campaign +mine$/),
    "@1.0.0",
    expect.stringMatching(/^lock-cut-off-holder +broken: grant,$/),
    "belief,",
    "resource; hangs",
  ]);
});
