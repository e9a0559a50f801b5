/** Analyses of whole histories as the claims of a campaign, whose history is about other things too. */
import { describe, expect, it } from "vitest";
import { checkerNamed } from "../../checkers/registry.ts";
import { historyOf, phaseRow, row } from "./history-of.ts";

const STALE = historyOf([
  phaseRow(0, "load"),
  row(1, 3, "invoke", "add", ["set:a", 7]),
  row(2, 0, "invoke", "write", ["r", 1]),
  row(3, 0, "ok", "write", ["r", 1]),
  row(4, 3, "ok", "add", ["set:a", 7]),
  row(5, 0, "invoke", "write", ["r", 2]),
  row(6, 0, "ok", "write", ["r", 2]),
  row(7, 1, "invoke", "read", ["r", null]),
  row(8, 1, "ok", "read", ["r", 1]),
  row(9, 1, "invoke", "read", ["set:a", null]),
  row(10, 1, "ok", "read", ["set:a", [7]]),
]);

describe("the claim linearizable", () => {
  it("is about the operations and keys that it names, and tells their events by the history's numbers", () => {
    const result = checkerNamed("linearizable")(STALE, { model: "register", byKey: true, keys: ["r"] });
    expect(result).toMatchObject({ verdict: "broken", count: 1 });
    expect(result.findings[0]?.events).toEqual([2, 3, 5, 6, 7, 8]);
    expect(result.reason).toContain("(event 3)");
  });

  it("is unknown where an operation is none of the model's, and says which", () => {
    const { verdict, reason } = checkerNamed("linearizable")(STALE, { model: "register", byKey: true });
    expect(verdict).toBe("unknown");
    expect(reason).toMatch(/^The history is not one of the model register: event 1: .*add/);
  });

  it("is vacuous where too little was done", () => {
    const options = { model: "register", byKey: true, keys: ["other"], minOperations: 1 };
    expect(checkerNamed("linearizable")(STALE, options)).toMatchObject({ verdict: "vacuous" });
  });

  it("holds where a legal order exists", () => {
    const history = historyOf([
      row(1, 0, "invoke", "acquire", "lock"),
      row(2, 0, "ok", "acquire", { key: "lock", grant: "g1" }),
      row(3, 0, "invoke", "write", { key: "lock", grant: "g1", value: 1 }),
      row(4, 0, "ok", "write", { key: "lock", grant: "g1", value: 1 }),
      row(5, 0, "invoke", "release", { key: "lock", grant: "g1" }),
      row(6, 1, "invoke", "acquire", "lock"),
      row(7, 1, "ok", "acquire", { key: "lock", grant: "g2" }),
      row(8, 0, "ok", "release", { key: "lock", grant: "g1" }),
    ]);
    const options = { model: "mutex", operations: ["acquire", "release"] };
    expect(checkerNamed("linearizable")(history, options)).toMatchObject({
      verdict: "holds",
      figures: { operations: 3 },
    });
  });

  it("refuses a model that there is not", () => {
    expect(() => checkerNamed("linearizable")(STALE, { model: "heap" })).toThrow(TypeError);
  });
});

describe("the claim elle", () => {
  it("finds what the consistency model forbids", () => {
    const history = historyOf([
      row(1, 0, "invoke", "txn", [
        ["r", "x", null],
        ["append", "y", 1],
      ]),
      row(2, 1, "invoke", "txn", [
        ["r", "y", null],
        ["append", "x", 1],
      ]),
      row(3, 0, "ok", "txn", [
        ["r", "x", []],
        ["append", "y", 1],
      ]),
      row(4, 1, "ok", "txn", [
        ["r", "y", []],
        ["append", "x", 1],
      ]),
      row(5, 2, "invoke", "txn", [
        ["r", "x", null],
        ["r", "y", null],
      ]),
      row(6, 2, "ok", "txn", [
        ["r", "x", [1]],
        ["r", "y", [1]],
      ]),
    ]);
    const claim = checkerNamed("elle");
    expect(claim(history, { model: "list-append", consistencyModel: "serializable" })).toMatchObject({
      verdict: "broken",
      findings: [{ kind: "G2-item" }],
    });
    expect(claim(history, { model: "list-append", consistencyModel: "snapshot-isolation" })).toMatchObject({
      verdict: "holds",
    });
  });
});
