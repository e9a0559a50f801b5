/** The table of locks × campaigns, as a terminal shows it. */
import { expect, it } from "vitest";
import { colorsFor } from "../../cli/colors.ts";
import { lockTable } from "../../cli/lock-table.ts";
import type { LockCell, LockMatrix, LockRun } from "../../report/lock-matrix.ts";

it("breaks cells between words", () => {
  const run: LockRun = { lock: "mine@1.0.0", campaign: "lock-cut-off-holder", verdict: undefined };
  const cell: LockCell<LockRun> = {
    words: "broken: promise, belief, resource; hangs",
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
    expect.stringMatching(/^lock-cut-off-holder +broken: promise,$/),
    "belief,",
    "resource; hangs",
  ]);
});
