import { describe, expect, it } from "vitest";
import { BarrierGate } from "../../../runner/worker/barrier-gate.ts";

function gateOf(
  arrived: (id: number) => void,
  unreachable: (id: number, why: string) => void = () => undefined,
): BarrierGate {
  return new BarrierGate({ arrived, unreachable });
}

describe("BarrierGate", () => {
  it("lets pass what is not armed", async () => {
    const announced: number[] = [];
    const gate = gateOf((id) => announced.push(id));
    gate.arm(1, "write", 1);
    await gate.arrive("read");
    expect(announced).toEqual([]);
  });

  it("holds the n-th arrival counted from the arming, once, until it may proceed", async () => {
    const announced: number[] = [];
    const gate = gateOf((id) => announced.push(id));
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
    const gate = gateOf((id) => {
      announced.push(id);
      gate.proceed(id);
    });
    gate.arm(1, "write", 1);
    gate.arm(2, "write", 1);
    await gate.arrive("write");
    expect(announced).toEqual([1, 2]);
  });

  it("tells of a point that is never reached, whether it was armed before or is armed later", async () => {
    const announced: [number, string][] = [];
    const gate = gateOf(
      () => expect.unreachable(),
      (id, why) => announced.push([id, why]),
    );
    gate.arm(1, "extend", 1);
    gate.arm(2, "write", 2);
    gate.exclude("extend", "cannot");
    gate.exclude("extend", "cannot");
    gate.arm(3, "extend", 4);
    expect(announced).toEqual([
      [1, "cannot"],
      [3, "cannot"],
    ]);
    await gate.arrive("write");
  });
});
