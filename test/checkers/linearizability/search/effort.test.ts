/**
 * How much is done for a verdict, and after it: counted in questions to the model, as times say little on a busy
 * machine.
 */
import { describe, expect, it } from "vitest";
import { crowdedTexts } from "../../../../bench/crowded-texts.ts";
import { linearizable } from "../../../../checkers/linearizability/check.ts";
import { decide } from "../../../../checkers/linearizability/search/decide.ts";
import { Effort } from "../../../../checkers/linearizability/search/effort.ts";
import { Limits } from "../../../../checkers/linearizability/limits.ts";
import type { Model } from "../../../../checkers/linearizability/model.ts";
import { MODEL_MAKERS } from "../../../../checkers/linearizability/models/index.ts";
import { prepare } from "../../../../checkers/linearizability/prepare/prepare.ts";
import { problemOf } from "../../../../checkers/linearizability/search/problem.ts";
import { shrink } from "../../../../checkers/linearizability/search/shrink.ts";
import type { Json } from "../../../../history/operation.ts";
import { columnsOfLines } from "../columns-of-lines.ts";
import type { Line } from "../columns-of-lines.ts";

function counting(name: string): { readonly model: Model<unknown>; readonly asked: () => number } {
  const model = MODEL_MAKERS.get(name)?.({});
  if (model === undefined) throw new Error(`no model ${name}`);
  let asked = 0;
  const step: Model<unknown>["step"] = (state, operation) => {
    asked += 1;
    return model.step(state, operation);
  };
  return { model: { ...model, step }, asked: () => asked };
}

/**
 * Transactions that were all open at once, and a read of what none of them wrote: every order of them has to be tried.
 */
function hardObject(key: string): Line[] {
  const writers = Array.from({ length: 40 }, (_, i) => i);
  const of = (type: "invoke" | "ok", process: number, micro: readonly Json[]): Line => [
    process,
    type,
    "txn",
    [key, micro],
  ];
  const writes = (process: number): Json[] => [
    ["w", "x", process],
    ["w", "y", -process],
  ];
  return [
    ...writers.map((process) => of("invoke", process, writes(process))),
    ...writers.map((process) => of("ok", process, writes(process))),
    of("invoke", 40, [["r", "x", null]]),
    of("ok", 40, [["r", "x", 99]]),
  ];
}

describe("a witness", () => {
  it("is made smaller only as long as its effort lasts, and is a proof in any case", () => {
    const columns = crowdedTexts({ operations: 2_024, clients: 50, keys: 10, seed: 1 });
    const { model } = counting("key-value");
    const part = prepare(columns, model).parts.find(({ keys }) => keys[0] === "1");
    if (part === undefined) throw new Error("there is no such key");
    const limits = new Limits();
    const { outcome, furthest, steps } = decide(problemOf(part.entries, model, undefined), limits);
    expect(outcome).toBe("illegal");
    const problem = problemOf(part.entries, model, undefined);
    const sizes = [0, 20_000, 5_000_000].map((allowed) => {
      const effort = new Effort(allowed);
      const end = problem.known.ret[furthest] ?? 0;
      const witness = shrink(part.entries, end, { model, init: undefined, limits, steps, effort });
      expect(decide(problemOf(witness, model, undefined), limits).outcome).toBe("illegal");
      return witness.length;
    });
    expect(sizes[0]).toBe(part.entries.length);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes[2]).toBeLessThan(sizes[0] ?? 0);
  });
});

describe("a violation is told soon after it is known", () => {
  it("in a crowd of clients whose operations are open for long", () => {
    const columns = crowdedTexts({ operations: 2_024, clients: 50, keys: 10, seed: 1 });
    const { model, asked } = counting("key-value");
    const { valid, reason, witness } = linearizable(columns, model);
    expect(valid).toBe(false);
    expect(reason).toMatch(/^key-value \("\d"\): .* of process \d+ fits nowhere/);
    expect(witness.length).toBeGreaterThan(2);
    expect(witness.length).toBeLessThan(500);
    expect(asked()).toBeLessThan(50_000);
  });

  it("where another object is harder to judge than the one that is broken", () => {
    const lines: Line[] = [
      ...hardObject("a"),
      [41, "invoke", "txn", ["b", [["r", "x", null]]]],
      [41, "ok", "txn", ["b", [["r", "x", 1]]]],
    ];
    let looks = 0;
    const cancelled = (): boolean => (looks += 1) > 2_000;
    const analysis = linearizable(columnsOfLines(lines), counting("multi-register").model, { byKey: true, cancelled });
    expect(analysis.reason).toMatch(/^multi-register \("b", "x"\): txn/);
    expect(analysis.valid).toBe(false);
    expect(analysis.witness).toEqual([82, 83]);
  });
});
