/** Flaky links on real servers: they close and open by their seed's rhythm, and end open. */
import { describe, expect, it } from "vitest";
import type { Fault, FaultOptions } from "../../../nemesis/fault.ts";
import { faultKind } from "../../../nemesis/registry.ts";
import { firstBeats } from "../../../nemesis/rhythm.ts";
import { probeLink } from "../../../network/link-probe.ts";
import { openFaultContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { roundTrip } from "../../support/round-trip.ts";

const RHYTHM = { seed: 7, closedMs: [200, 300], openMs: [100, 200] };

const flaky = (test: TestContext, options: FaultOptions): Promise<Fault> =>
  faultKind("flaky").prepare(test.context, { from: "w1", to: "n1", ...RHYTHM, ...options });

describe("flaky links", () => {
  it.each(["down", "hold"] as const)("close (%s) and open, and leave others alone", async (how) => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1", "w2"] });
    const fault = await flaky(test, { how });
    await roundTrip(fault, async () => {
      const other = test.context.links.all.find(({ from }) => from === "w2");
      if (other === undefined) throw new Error("no link of w2");
      expect(await probeLink(other, 5_000)).toMatchObject({ state: "answers" });
      await expect.poll(() => Number(fault.detail?.["flips"])).toBeGreaterThanOrEqual(4);
    });
    const { rhythm, flips, at } = fault.detail as { rhythm: [number, number][]; flips: number; at: [number, string][] };
    expect(rhythm.slice(0, 3)).toEqual(
      firstBeats({ seed: 7, closedMs: [200, 300], openMs: [100, 200] }, 3).map((beat) => [beat.closedMs, beat.openMs]),
    );
    expect(at.length).toBe(flips);
    // It is closed and open in turns, and in the end it is open.
    expect(at.map(([, state]) => state)).toEqual(at.map((_, i) => (i % 2 === 0 ? "closed" : "open")));
    expect(at.at(-1)?.[1]).toBe("open");
    // No state is shorter than planned; timers may fire a millisecond early.
    expect((at[1]?.[0] ?? 0) - (at[0]?.[0] ?? 0)).toBeGreaterThanOrEqual((rhythm[0]?.[0] ?? Infinity) - 2);
    expect((at[2]?.[0] ?? 0) - (at[1]?.[0] ?? 0)).toBeGreaterThanOrEqual((rhythm[0]?.[1] ?? Infinity) - 2);
  });

  it("have the rhythm of their seed", () => {
    const beats = [1, 2, 1].map((seed) => firstBeats({ seed, closedMs: [50, 5_000], openMs: [50, 5_000] }, 20));
    expect(beats[0]).toEqual(beats[2]);
    expect(beats[0]).not.toEqual(beats[1]);
    expect(beats.flat().every(({ closedMs, openMs }) => Math.min(closedMs, openMs) >= 50)).toBe(true);
  });

  it("stay closed after their heal while another fault closes them", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const fault = await flaky(test, {});
    const down = await faultKind("link").prepare(test.context, { from: "w1", to: "n1", how: "down" });
    await fault.inject();
    await down.inject();
    // Never open, so this is not flaky.
    expect(await fault.probe()).toEqual({ ok: false, saw: "w1.n1 was closed all the time" });
    await fault.heal();
    expect(await fault.probeHealed()).toMatchObject({ ok: true });
    expect(await down.probe()).toMatchObject({ ok: true });
    await down.heal();
    expect(await down.probeHealed()).toMatchObject({ ok: true });
  });

  it("are not flaky before they are injected, and say what keeps the rhythm from going on", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const fault = await flaky(test, {});
    expect(await fault.probe()).toEqual({ ok: false, saw: "w1.n1 was open all the time" });
    await fault.inject();
    expect((await fetch(`${test.toxiproxyUrl}/proxies/w1.n1`, { method: "DELETE" })).ok).toBe(true);
    await expect(async () => {
      for (;;) await fault.probe();
    }).rejects.toThrow(/the links stopped to open and close: .+/);
    await expect(fault.heal()).rejects.toThrow(/the links stopped to open and close: .+/);
  });

  it.each([
    [{ how: "reset" }, /"how" must be down or hold for flaky links, not reset/],
    [{ seed: "x" }, /"seed" must be a number, not "x"/],
    [{ closedMs: [300, 200] }, /"closedMs" must be a whole number from 50 to 5000, or a range .* not \[300,200\]/],
    [{ how: "hold", closedMs: 100 }, /"closedMs" must be a whole number from 200 to 5000/],
    [{ openMs: 60_000 }, /"openMs" must be a whole number from 50 to 5000/],
    [{ direction: "forth" }, /cannot be "forth" with down/],
  ])("refuse %j", async (options, message) => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    await expect(flaky(test, options)).rejects.toThrow(message);
  });
});
