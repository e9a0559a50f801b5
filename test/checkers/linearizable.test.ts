/** Linearizability as a claim: the analyzers have tests of their own, this is about what a claim makes of them. */
import { describe, expect, it } from "vitest";
import { judge } from "../../checkers/judge.ts";
import { linearizableClaim } from "../../checkers/linearizable.ts";
import type { Plan } from "../../history/plan.ts";
import { historyOf, row } from "./history-of.ts";

const REGISTER = { model: "register" };
const write = (process: number, from: number, to: number, value: number, type: "ok" | "info" = "ok") => [
  row(from, process, "invoke", "write", ["k", value]),
  row(to, process, type, "write", ["k", value]),
];
const read = (process: number, from: number, to: number, value: number | null) => [
  row(from, process, "invoke", "read", ["k", null]),
  row(to, process, "ok", "read", ["k", value]),
];

describe("linearizable", () => {
  it("holds where a legal order exists, also when a write of unknown outcome comes late", () => {
    const history = historyOf([...write(1, 0, 10, 1, "info"), ...write(2, 20, 30, 2), ...read(3, 40, 50, 1)]);
    expect(linearizableClaim(history, REGISTER)).toMatchObject({ verdict: "holds", figures: { acknowledged: 2 } });
  });

  it("is broken by a stale read, with the operations that prove it", () => {
    const history = historyOf([...write(1, 0, 10, 1), ...write(1, 20, 30, 2), ...read(3, 40, 50, 1)]);
    const result = linearizableClaim(history, REGISTER);
    expect(result).toMatchObject({ verdict: "broken", count: 1, findings: [{ kind: "nonlinearizable" }] });
    expect(result.findings[0]?.events).toContain(5);
  });

  it("is vacuous when nothing was acknowledged, and refuses options that make no sense", () => {
    expect(linearizableClaim(historyOf([]), REGISTER).verdict).toBe("vacuous");
    expect(() => linearizableClaim(historyOf([]), { model: "lock" })).toThrow(/options of the checker linearizable/);
  });

  it("makes a claim unknown when the history is not one of the model", () => {
    const claim = {
      id: "c",
      statement: "…",
      standing: "promised",
      source: "…",
      checker: "linearizable",
      options: REGISTER,
    };
    const plan = { campaign: "x", seed: 1, faults: [], claims: [claim] } as unknown as Plan;
    const { claims } = judge(
      plan,
      historyOf([row(0, 1, "invoke", "push", ["k", 1]), row(1, 1, "ok", "push", ["k", 1])]),
    );
    expect(claims[0]?.result).toMatchObject({
      verdict: "unknown",
      reason: expect.stringContaining("does not know the operation") as unknown,
    });
  });
});
