import { describe, expect, it } from "vitest";
import { columnsOf } from "../../history/columns/columns.ts";
import { witnessTable } from "../../report/witness-table.ts";
import { historyOf, row } from "../checkers/history-of.ts";

describe("the table of a witness", () => {
  it("shows every operation with its completion, where the history has one", () => {
    const history = historyOf([
      row(1, 1, "invoke", "release", "a"),
      row(2, 2, "invoke", "acquire", "a"),
      row(3, 1, "ok", "release", "a"),
      row(4, 3, "invoke", "acquire", "a"),
    ]);
    const [, released, open] = witnessTable(columnsOf(history), [0, 3]);
    expect(released).toMatch(/^ +0 +1 {2}release "a" +\|\|$/);
    expect(open).toMatch(/acquire "a": no completion/);
  });
});
