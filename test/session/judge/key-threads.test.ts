/** Keys in threads: the verdict is that of one thread, and the first broken object ends all. */
import { describe, expect, it } from "vitest";
import { MisuseError } from "../../../checkers/analysis.ts";
import { LINEARIZABILITY_ANALYZERS } from "../../../checkers/linearizability/analyzers.ts";
import { MODELS } from "../../../checkers/models.ts";
import { checkerNamed } from "../../../checkers/registry.ts";
import { historyOf, row } from "../../checkers/history-of.ts";
import { checkInThreads } from "../../../session/judge/key-threads.ts";
import { columnsOfLines } from "../../checkers/linearizability/columns-of-lines.ts";
import type { Line } from "../../checkers/linearizability/columns-of-lines.ts";

function keys(broken: number): Line[] {
  return Array.from({ length: 40 }, (_, key): Line[] => [
    [key, "invoke", "write", [`key ${key}`, 1]],
    [key, "ok", "write", [`key ${key}`, 1]],
    [key, "invoke", "read", [`key ${key}`, null]],
    [key, "ok", "read", [`key ${key}`, key === broken ? 2 : 1]],
  ]).flat();
}

/** One object that takes long: many writes at once, and the read saw none of them. */
const crowd: Line[] = [
  ...Array.from({ length: 24 }, (_, i): Line => [
    i,
    "invoke",
    "txn",
    [
      ["w", "x", i],
      ["w", "y", -i],
    ],
  ]),
  ...Array.from({ length: 24 }, (_, i): Line => [
    i,
    "ok",
    "txn",
    [
      ["w", "x", i],
      ["w", "y", -i],
    ],
  ]),
  [24, "invoke", "txn", [["r", "x", null]]],
  [24, "ok", "txn", [["r", "x", 99]]],
];
const order = { model: "register", options: { byKey: true }, threads: 2 };

describe("threads", () => {
  it.each([-1, 0, 17, 39])("say what one thread says (broken key: %i)", async (broken) => {
    const columns = columnsOfLines(keys(broken));
    const alone = LINEARIZABILITY_ANALYZERS.get("register")?.(columns, { byKey: true });
    const { analysis } = await checkInThreads(columns, order);
    expect(analysis).toEqual(alone);
    expect(analysis?.valid).toBe(broken === -1);
  });

  it("stop when one has found a broken object", async () => {
    const quick: Line[] = [
      [40, "invoke", "txn", [["r", "z", null]]],
      [40, "ok", "txn", [["r", "z", 5]]],
    ];
    const { analysis } = await checkInThreads(columnsOfLines([...crowd, ...quick]), {
      model: "multi-register",
      options: {},
      threads: 2,
    });
    expect(analysis?.valid).toBe(false);
    expect(analysis?.reason).toContain('"z"');
  });

  it("stop when they are told to", async () => {
    const stopping = new AbortController();
    const result = checkInThreads(columnsOfLines(crowd), {
      model: "multi-register",
      options: {},
      threads: 2,
      signal: stopping.signal,
    });
    stopping.abort();
    expect((await result).analysis).toMatchObject({ valid: "unknown", reason: "it was interrupted" });
  });

  it("are one for a model that judges all objects together", async () => {
    const lines = [0, 1].flatMap((key): Line[] => [
      [key, "invoke", "add", [key, "a"]],
      [key, "ok", "add", [key, "a"]],
      [key, "invoke", "read", [key, null]],
      [key, "ok", "read", [key, key === 0 ? ["a"] : []]],
    ]);
    const columns = columnsOfLines(lines);
    const { analysis } = await checkInThreads(columns, { model: "set-full", options: { byKey: true }, threads: 2 });
    expect(analysis).toEqual(MODELS.get("set-full")?.(columns, { byKey: true }));
    expect(analysis).toMatchObject({ valid: false, counts: { lost: 1 }, figures: { attempts: 2, stable: 1, lost: 1 } });
  });

  it("judge by a checker of claims as well, from the events with all that they have", async () => {
    const history = historyOf([
      row(9, 0, "invoke", "acquire", "k"),
      row(10, 0, "ok", "acquire", { key: "k", grant: "a", validForMs: 200 }),
      row(99, 1, "invoke", "acquire", "k"),
      row(100, 1, "ok", "acquire", { key: "k", grant: "b", validForMs: 50 }),
      row(140, 1, "invoke", "release", { key: "k", grant: "b" }),
      row(141, 1, "ok", "release", { key: "k", grant: "b", freed: true }),
      row(160, 0, "invoke", "release", { key: "k", grant: "a" }),
      row(161, 0, "ok", "release", { key: "k", grant: "a", freed: true }),
    ]);
    const options = { level: "belief" };
    const alone = checkerNamed("lock-overlap")(history, options);
    expect(alone).toMatchObject({
      verdict: "broken",
      reason: expect.stringContaining("1 lock was granted while") as string,
    });
    const found = await checkInThreads(history.columns, { model: "lock-overlap", options, threads: 2 });
    expect(found).toEqual(alone);
    expect(found.findings[0]?.sentence).toContain("w0 and w1 were both told");
  });

  it("refuse what one thread refuses", async () => {
    const misuse = checkInThreads(columnsOfLines([[0, "invoke", "pop", ["a", 1]]]), order);
    await expect(misuse).rejects.toThrow(MisuseError);
    await expect(misuse).rejects.toThrow(/^event 0: register does not know the operation "pop"/);
    await expect(checkInThreads(columnsOfLines([]), { ...order, options: { timeMs: -1 } })).rejects.toThrow(TypeError);
  });
});
