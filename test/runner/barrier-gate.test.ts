import { describe, expect, it } from "vitest";
import { BarrierGate } from "../../runner/worker/barrier-gate.ts";

describe("BarrierGate", () => {
  it("lets pass what is not armed", async () => {
    const announced: number[] = [];
    const gate = new BarrierGate((id) => announced.push(id));
    gate.arm(1, "write", 1);
    await gate.arrive("read");
    expect(announced).toEqual([]);
  });

  it("holds the n-th arrival counted from the arming, once, until it may proceed", async () => {
    const announced: number[] = [];
    const gate = new BarrierGate((id) => announced.push(id));
    await gate.arrive("write");
    gate.arm(7, "write", 2);
    await gate.arrive("write");
    expect(announced).toEqual([]);
    let passed = false;
    const second = gate.arrive("write").then(() => (passed = true));
    expect(announced).toEqual([7]);
    await new Promise(setImmediate);
    expect(passed).toBe(false);
    gate.proceed(7);
    await second;
    await gate.arrive("write");
    expect(announced).toEqual([7]);
  });

  it("holds one arrival for several at once", async () => {
    const announced: number[] = [];
    const gate = new BarrierGate((id) => {
      announced.push(id);
      gate.proceed(id);
    });
    gate.arm(1, "write", 1);
    gate.arm(2, "write", 1);
    await gate.arrive("write");
    expect(announced).toEqual([1, 2]);
  });
});
