/** Faults of wall clocks, on real servers and workers; the machine's own clock is never touched. */
import { describe, expect, it } from "vitest";
import { resolveClock } from "../../../nemesis/clock.ts";
import { openFaultContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { startPlainWorker } from "../../support/plain-worker.ts";
import { prepare, roundTrip } from "../../support/round-trip.ts";

const offsetOf = async (test: TestContext, target: string): Promise<number> =>
  (await (await resolveClock(test.context, { target })).read()).offsetMs;

describe("faults of clocks", () => {
  it("clock-jump moves a node's clock and puts it back", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"] });
    await test.node("n1").command("SET", "k", "v", "PX", 30_000);
    await roundTrip(await prepare(test, "clock-jump", { target: "n1", offsetMs: 40_000 }), async () => {
      expect(await test.node("n1").command("EXISTS", "k")).toBe(0);
    });
  });

  it.each([500_000, -500_000])("clock-drift by %i ppm changes the pace of one node only", async (ratePpm) => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"] });
    await roundTrip(await prepare(test, "clock-drift", { target: "n1", ratePpm }), async () => {
      await expect.poll(async () => (await offsetOf(test, "n1")) * Math.sign(ratePpm)).toBeGreaterThan(100);
      expect(Math.abs(await offsetOf(test, "n2"))).toBeLessThan(50);
    });
  });

  it("the probe of a drift says no to another drift, and to a jump", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const fault = await prepare(test, "clock-drift", { target: "n1", ratePpm: 400_000 });
    test.node("n1").shim?.setClock({ offsetMs: 0, ratePpm: -400_000 });
    expect(await fault.probe()).toMatchObject({ ok: false });
    test.node("n1").shim?.setClock({ offsetMs: 5_000, ratePpm: 0 });
    expect(await fault.probe()).toMatchObject({ ok: false });
    // The pace is the real one, but the time is not.
    expect(await fault.probeHealed()).toMatchObject({ ok: false });
  });

  it("clock-strobe lets a node's clock jump to and fro", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const fault = await prepare(test, "clock-strobe", { target: "n1", offsetMs: 40_000, periodMs: 60 });
    await roundTrip(fault, () => Promise.resolve());
    test.node("n1").shim?.setClock({ offsetMs: 40_000, ratePpm: 0 });
    // Moved, but not to and fro.
    expect(await fault.probe()).toMatchObject({ ok: false });
  });

  it("clock-strobe ends by itself after its last jump, at the real time", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const fault = await prepare(test, "clock-strobe", { target: "n1", offsetMs: -9_000, periodMs: 10, count: 4 });
    await fault.inject();
    await expect.poll(async () => (await fault.probe()).ok).toBe(false);
    expect(await fault.probeHealed()).toMatchObject({ ok: true, saw: expect.stringContaining("jumped 8 times") });
    await fault.heal();
  });

  it("reach a worker", async () => {
    await using started = await startPlainWorker("w1");
    await using test = await openFaultContext({ nodes: ["n1"], clients: [], workers: [started.worker] });
    await roundTrip(await prepare(test, "clock-drift", { target: "w1", ratePpm: 1_000_000 }), () => Promise.resolve());
    await roundTrip(await prepare(test, "clock-strobe", { target: "w1", offsetMs: 2_000, periodMs: 40 }), () =>
      Promise.resolve(),
    );
  });
});
