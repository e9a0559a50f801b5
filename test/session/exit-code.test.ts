import { describe, expect, it } from "vitest";
import { worstExitCode } from "../../session/exit-code.ts";

describe("worstExitCode", () => {
  it("lets a broken promise outrank everything, and a failed harness what is undecided", () => {
    expect(worstExitCode([0, 2, 255, 1])).toBe(1);
    expect(worstExitCode([0, 255, 2])).toBe(255);
    expect(worstExitCode([0, 2])).toBe(2);
    expect(worstExitCode([0, 0])).toBe(0);
    expect(worstExitCode([])).toBe(0);
  });
});
