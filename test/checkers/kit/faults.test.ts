import { describe, expect, it } from "vitest";
import { describeFault, faultsOf } from "../../../checkers/kit/faults.ts";
import type { Json } from "../../../history/operation.ts";
import { faultRow, historyOf } from "../history-of.ts";

describe("describeFault", () => {
  const told = (target: readonly string[], inject: { [key: string]: Json }, active = inject): string | undefined => {
    const rows = [
      faultRow(1, "kill", "inject", target, { detail: inject }),
      faultRow(2, "kill", "active", target, { detail: active }),
      faultRow(9, "kill", "healed", target),
    ];
    const fault = faultsOf(historyOf(rows)).get("kill");
    return fault === undefined ? undefined : describeFault(fault);
  };

  it("says with what a killed server was back, as its disk had it", () => {
    const empty = "empty because it does not persist";
    const snapshot = "with its last snapshot";
    expect(told(["n1"], { keepData: true, comesBack: empty })).toBe(
      "n1 was killed at 0.001 s and was back empty because it does not persist at 0.009 s",
    );
    expect(told(["n1"], { keepData: true, comesBack: empty }, { keepData: true, comesBack: snapshot })).toBe(
      "n1 was killed at 0.001 s and was back with its last snapshot at 0.009 s",
    );
    expect(told(["n1"], { keepData: false })).toBe("n1 was killed at 0.001 s and was back without its data at 0.009 s");
  });

  it("claims nothing of the data of runs that did not record it, and of workers, which do not come back", () => {
    expect(told(["n1"], { keepData: true })).toBe(
      "n1 was killed at 0.001 s and was back with what was on disk at 0.009 s",
    );
    expect(told(["w1"], {})).toBe("w1 was killed at 0.001 s");
  });
});
