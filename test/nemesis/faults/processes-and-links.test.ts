/**
 * Every fault on real servers: it acts, its probe sees it, it heals completely. A probe must also be able to say no.
 */
import { describe, expect, it } from "vitest";
import type { FaultOptions, FaultyWorker } from "../../../nemesis/fault.ts";
import { probeLink } from "../../../network/link-probe.ts";
import type { Link } from "../../../network/link.ts";
import { openFaultContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { startPlainWorker } from "../../support/plain-worker.ts";
import { expectSeen, prepare, roundTrip } from "../../support/round-trip.ts";

const linkOf = (test: TestContext, from: string, to: string): Link => {
  const link = test.context.links.all.find((candidate) => candidate.from === from && candidate.to === to);
  if (link === undefined) throw new Error(`no link ${from} ${to}`);
  return link;
};

describe("faults of processes", () => {
  it("pause stops a node and resumes it", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const fault = await prepare(test, "pause", { target: "n1" });
    await roundTrip(fault, async () => expect(await test.node("n1").state()).toBe("stopped"));
  });

  it("kill ends a node, which comes back empty", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    await test.node("n1").command("SET", "k", "v");
    const before = test.node("n1").pid();
    await roundTrip(await prepare(test, "kill", { target: "n1", keepData: false }), async () =>
      expect(await test.node("n1").state()).toBe("dead"),
    );
    expect(test.node("n1").pid()).not.toBe(before);
    expect(await test.node("n1").command("GET", "k")).toBeNull();
  });

  it.each([
    { config: [], back: "empty because it does not persist", value: null },
    { config: ["appendonly yes"], back: "with its data", value: "v" },
    { config: ["save 3600 1000"], back: "empty because it had made no snapshot", value: null },
  ])("kill with keepData tells what a server of $config comes back with: $back", async ({ config, back, value }) => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: [], config });
    await test.node("n1").command("SET", "k", "v");
    const fault = await prepare(test, "kill", { target: "n1", keepData: true });
    expect(fault).toMatchObject({ title: `SIGKILL n1, restart ${back}`, detail: { keepData: true, comesBack: back } });
    await roundTrip(fault, () => Promise.resolve());
    expect(await test.node("n1").command("GET", "k")).toBe(value);
  });

  it("kill with keepData tells of a snapshot that was made, and shutdown of the one that it makes", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: [], config: ["save 3600 1000"] });
    for (const name of ["n1", "n2"]) await test.node(name).command("SET", "k", "v");
    await test.node("n1").command("SAVE");
    await test.node("n1").command("SET", "k", "w");
    const kill = await prepare(test, "kill", { target: "n1", keepData: true });
    expect(kill.title).toBe("SIGKILL n1, restart with its last snapshot");
    await roundTrip(kill, () => Promise.resolve());
    expect(await test.node("n1").command("GET", "k")).toBe("v");
    const shutdown = await prepare(test, "shutdown", { target: "n2" });
    expect(shutdown.title).toBe("SIGTERM n2, restart with its data");
    await roundTrip(shutdown, () => Promise.resolve());
    expect(await test.node("n2").command("GET", "k")).toBe("v");
  });

  it("shutdown ends a node in order, and it comes back with what it saved", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"], config: ["save 3600 1"] });
    await test.node("n1").command("SET", "k", "v");
    await roundTrip(await prepare(test, "shutdown", { target: "n1" }), async () =>
      expect(await test.node("n1").state()).toBe("dead"),
    );
    expect(await test.node("n1").command("GET", "k")).toBe("v");
  });

  it("the probe of a shutdown says no when the node was killed", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const fault = await prepare(test, "shutdown", { target: "n1" });
    await test.node("n1").kill();
    expect(await fault.probe()).toMatchObject({ ok: false, saw: expect.stringContaining("does not end with") });
  });

  it("stall keeps a worker's event loop busy, and shutdown ends a worker", async () => {
    await using started = await startPlainWorker("w1");
    await using test = await openFaultContext({ nodes: ["n1"], clients: [], workers: [started.worker] });
    await started.worker.clockOffsetMs();
    const stall = await prepare(test, "stall", { target: "w1", ms: 900 });
    await roundTrip(stall, async () => {
      const asked = performance.now();
      await started.worker.clockOffsetMs();
      expect(performance.now() - asked).toBeGreaterThan(300);
    });
    const shutdown = await prepare(test, "shutdown", { target: "w1" });
    expect(await shutdown.probe()).toMatchObject({ ok: false });
    await shutdown.inject();
    expect(await shutdown.probe()).toMatchObject({ ok: true });
    await expect(started.worker.ended).resolves.toBeUndefined();
  });

  it("a stall that is over when the probe comes is believed, and one that never was is not", async () => {
    await using started = await startPlainWorker("w1");
    await using test = await openFaultContext({ nodes: ["n1"], clients: [], workers: [started.worker] });
    await started.worker.clockOffsetMs();
    const stall = await prepare(test, "stall", { target: "w1", ms: 400 });
    await stall.inject();
    await started.worker.clockOffsetMs();
    expectSeen(await stall.probe(), true, "late");
    await stall.heal();
    expectSeen(await stall.probeHealed(), true, "healed");
    const { worker } = started;
    const idle: FaultyWorker = {
      name: "w1",
      shim: undefined,
      pid: () => worker.pid(),
      state: () => worker.state(),
      signal: (signal) => worker.signal(signal),
      kill: () => worker.kill(),
      shutDown: () => worker.shutDown(),
      stall: () => Promise.resolve(),
      clockOffsetMs: () => worker.clockOffsetMs(),
    };
    await using other = await openFaultContext({ nodes: ["n1"], clients: [], workers: [idle] });
    const nothing = await prepare(other, "stall", { target: "w1", ms: 2_000 });
    await nothing.inject();
    expectSeen(await nothing.probe(), false, "does nothing");
    await nothing.heal();
    expectSeen(await nothing.probeHealed(), false, "has done nothing");
  });

  it("the probe of a stall says no to a worker that is stopped", async () => {
    await using started = await startPlainWorker("w1");
    await using test = await openFaultContext({ nodes: ["n1"], clients: [], workers: [started.worker] });
    await started.worker.clockOffsetMs();
    const stall = await prepare(test, "stall", { target: "w1", ms: 900 });
    const pause = await prepare(test, "pause", { target: "w1" });
    await pause.inject();
    expect(await stall.probe()).toMatchObject({ ok: false, saw: expect.stringContaining("as stopped") });
    await pause.heal();
  });

  it("pause, clock-jump and kill reach a worker", async () => {
    await using started = await startPlainWorker("w1");
    const { worker } = started;
    await using test = await openFaultContext({ nodes: ["n1"], clients: [], workers: [worker] });
    // The first answer waits until the worker is up.
    await worker.clockOffsetMs();
    expect(Math.abs(await worker.clockOffsetMs())).toBeLessThan(250);
    await roundTrip(await prepare(test, "pause", { target: "w1" }), async () => expect(worker.state()).toBe("stopped"));
    await roundTrip(await prepare(test, "clock-jump", { target: "w1", offsetMs: -3_600_000 }), async () => {
      expect(Math.round((await worker.clockOffsetMs()) / 60_000)).toBe(-60);
    });
    const kill = await prepare(test, "kill", { target: "w1" });
    expect(await kill.probe()).toMatchObject({ ok: false });
    await kill.inject();
    expect(await kill.probe()).toMatchObject({ ok: true });
    expect(worker.state()).toBe("dead");
  });
});

describe("faults of links", () => {
  const expected = { hold: "silent", drop: "silent", reset: "closed", down: "refused" } as const;

  it.each(["hold", "drop", "reset", "down"] as const)(
    "%s on one client's link leaves the others alone",
    async (how) => {
      await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1", "w2"] });
      await roundTrip(await prepare(test, "link", { from: "w1", to: "n1", how }), async () => {
        const patienceMs = expected[how] === "silent" ? 300 : 10_000;
        expect(await probeLink(linkOf(test, "w1", "n1"), patienceMs)).toMatchObject({ state: expected[how] });
        expect(await probeLink(linkOf(test, "w2", "n1"), 10_000)).toMatchObject({ state: "answers" });
      });
    },
  );

  it("latency delays both ways", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    await roundTrip(
      await prepare(test, "link", { from: "w1", to: "n1", how: "latency", latencyMs: 60, jitterMs: 10 }),
      async () => {
        const state = await probeLink(linkOf(test, "w1", "n1"), 10_000);
        expect(state.state === "answers" ? state.afterMs : 0).toBeGreaterThanOrEqual(100);
      },
    );
  });

  it.each(["forth", "back"] as const)("hold in the direction %s impairs one stream only", async (direction) => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const calls = async (): Promise<number> =>
      Number(/cmdstat_ping:calls=(\d+)/.exec(String(await test.node("n1").command("INFO", "commandstats")))?.[1] ?? 0);
    const fault = await prepare(test, "link", { from: "w1", to: "n1", how: "hold", direction });
    await fault.inject();
    const before = await calls();
    expect(await probeLink(linkOf(test, "w1", "n1"), 300)).toMatchObject({ state: "silent" });
    // The PING itself arrives when only the answers are held, on a busy machine later than was waited for.
    if (direction === "back") await expect.poll(async () => (await calls()) - before).toBeGreaterThan(0);
    else expect((await calls()) - before).toBe(0);
    await fault.heal();
    expect(await fault.probeHealed()).toMatchObject({ ok: true });
  });

  it("overlapping faults on one link heal one by one", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const link = linkOf(test, "w1", "n1");
    const first = await prepare(test, "link", { from: "w1", to: "n1", how: "down" });
    const second = await prepare(test, "link", { from: "w1", to: "n1", how: "down" });
    await first.inject();
    await second.inject();
    await first.heal();
    expect(await probeLink(link, 5_000)).toMatchObject({ state: "refused" });
    await second.heal();
    expect(await probeLink(link, 10_000)).toMatchObject({ state: "answers" });
  });
});

describe("options that make no sense", () => {
  it.each([
    ["pause", { target: "w9" }, /"w9", which is neither a node nor a worker/],
    ["stall", { target: "n1", ms: 500 }, /"target" must name a worker/],
    ["stall", { target: "w1", ms: 10 }, /"ms" must be at least 50, not 10/],
    ["power-loss", { target: "w1" }, /"target" must name a node, and w1 is a worker/],
    ["truncate-aof", { target: "n1", bytes: 0 }, /"bytes" must be a whole number from 1 on, not 0/],
    ["link", { from: "w1", to: "n1", how: "slow" }, /"how" must be hold, drop, .* or slow-close, not "slow"/],
    [
      "link",
      { from: "w1", to: "n1", how: "hold", direction: "up" },
      /"direction" must be both, forth or back, not "up"/,
    ],
    ["link", { from: "n1", to: "n1", how: "hold" }, /no link carries any of these flows/],
    ["clock-jump", { target: "n1" }, /"offsetMs" must be a number, not undefined/],
    ["clock-drift", { target: "n1", ratePpm: 200 }, /"ratePpm" must be .* at least 5000 away from 0, not 200/],
    ["clock-strobe", { target: "n1", offsetMs: -10, periodMs: 50 }, /"offsetMs" must be at least 50, not -10/],
    ["clock-strobe", { target: "n1", offsetMs: 100, periodMs: 1 }, /"periodMs" must be at least 5, not 1/],
  ])("%s %j is refused", async (kind, options, message) => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    await expect(prepare(test, kind, options as FaultOptions)).rejects.toThrow(message);
  });
});
