/** Several analyses as one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Analysis } from "../../checkers/analysis.ts";
import { compose } from "../../checkers/compose.ts";
import { MODELS } from "../../checkers/models.ts";
import { columnsOfLines } from "./linearizability/columns-of-lines.ts";

const analysis = (valid: Analysis["valid"], reason: string): Analysis => ({
  valid,
  reason,
  algorithm: "none",
  operations: 1,
  anomalies: {},
  counts: {},
  not: [],
  witness: [],
});

describe("compose", () => {
  it("says the worst: broken before unknown before a pass, in any order", () => {
    const verdicts = fc.array(fc.constantFrom(true, false, "unknown" as const), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(verdicts, (all) => {
        const { valid, reason } = compose(
          Object.fromEntries(all.map((each, i) => [`a${i}`, analysis(each, String(each))])),
        );
        expect(valid).toBe(all.includes(false) ? false : all.includes("unknown") ? "unknown" : true);
        expect(reason).toBe(`a${all.indexOf(valid)}: ${valid}`);
      }),
    );
  });

  it("keeps what each found under its name, and the witness of the worst", () => {
    const columns = columnsOfLines([
      [0, "invoke", "read"],
      [0, "ok", "read", 2],
      [0, "invoke", "read"],
      [0, "ok", "read", 1],
    ]);
    const judged = (model: string): Analysis => MODELS.get(model)?.(columns, {}) ?? analysis(false, "no such model");
    const found = compose({ all: judged("stats"), reads: judged("monotonic"), object: judged("register") });
    expect(found).toMatchObject({
      valid: false,
      operations: 2,
      counts: { "reads/nonmonotonic": 1, "object/nonlinearizable": 1 },
      not: ["linearizable"],
      witness: [0, 1, 2, 3],
      figures: { all: { read: { ok: 2 } }, reads: { reads: 2 } },
    });
    expect(found.reason).toMatch(/^reads: 1 was read/);
  });

  it("refuses to judge nothing", () => {
    expect(() => compose({})).toThrow(TypeError);
  });
});
