/** Every fault on real servers: it acts, its probe sees it, it heals completely. A probe must also be able to say no. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Fault, FaultOptions } from "../../nemesis/fault.ts";
import { faultKind } from "../../nemesis/registry.ts";
import { probeLink } from "../../network/link-probe.ts";
import type { Link } from "../../network/link.ts";
import { buildShim } from "../../hosts/shim-build.ts";
import { cacheFolder } from "../../hosts/cache-folder.ts";
import { ShimControl } from "../../hosts/shim-control.ts";
import { WorkerProcess } from "../../runner/worker-process.ts";
import { createTemporaryFolder } from "../../runner/run-folder.ts";
import { openFaultContext } from "../support/fault-context.ts";
import { roundTrip } from "../support/round-trip.ts";
import type { TestContext } from "../support/fault-context.ts";

const prepare = (test: TestContext, kind: string, options: FaultOptions): Promise<Fault> =>
  faultKind(kind).prepare(test.context, options);

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

  it("clock-jump moves a node's clock and puts it back", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"] });
    await test.node("n1").command("SET", "k", "v", "PX", 30_000);
    await roundTrip(await prepare(test, "clock-jump", { target: "n1", offsetMs: 40_000 }), async () => {
      expect(await test.node("n1").command("EXISTS", "k")).toBe(0);
    });
  });

  it("pause, clock-jump and kill reach a worker", async () => {
    const temporary = createTemporaryFolder();
    const shim = await buildShim(cacheFolder());
    if (!("library" in shim)) throw new Error(shim.missing);
    const worker = new WorkerProcess({
      name: "w1",
      environment: temporary.environment,
      logFile: join(temporary.path, "w1.log"),
      shim: { control: ShimControl.create(join(temporary.path, "w1.shim")), library: shim.library },
    });
    await using test = await openFaultContext({ nodes: ["n1"], clients: [], workers: [worker] });
    // It answers, so it is up.
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
    temporary.remove();
  });
});

describe("faults of links", () => {
  const expected = { hold: "silent", drop: "silent", reset: "closed", down: "refused" } as const;

  it.each(["hold", "drop", "reset", "down"] as const)(
    "%s on one client's link leaves the others alone",
    async (how) => {
      await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1", "w2"] });
      await roundTrip(await prepare(test, "link", { from: "w1", to: "n1", how }), async () => {
        expect(await probeLink(linkOf(test, "w1", "n1"), 300)).toMatchObject({ state: expected[how] });
        expect(await probeLink(linkOf(test, "w2", "n1"), 2_000)).toMatchObject({ state: "answers" });
      });
    },
  );

  it("latency delays both ways", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    await roundTrip(
      await prepare(test, "link", { from: "w1", to: "n1", how: "latency", latencyMs: 60, jitterMs: 10 }),
      async () => {
        const state = await probeLink(linkOf(test, "w1", "n1"), 2_000);
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
    // The PING itself arrives when only the answers are held.
    expect((await calls()) - before).toBe(direction === "back" ? 1 : 0);
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
    expect(await probeLink(link, 300)).toMatchObject({ state: "refused" });
    await second.heal();
    expect(await probeLink(link, 2_000)).toMatchObject({ state: "answers" });
  });
});

describe("partitions", () => {
  it("isolate a primary with a client; each side goes on among itself", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2", "n3"], clients: ["w1", "w2"] });
    const fault = await prepare(test, "partition", { groups: [["primary", "w1"], ["rest"]] });
    expect(fault.detail).toMatchObject({ isolated: ["n1"] });
    await roundTrip(fault, async () => {
      const states = await Promise.all(
        test.context.links.all.map(async (link) => [link.proxy, (await probeLink(link, 300)).state]),
      );
      expect(Object.fromEntries(states)).toEqual({
        "w1.n1": "answers",
        "w1.n2": "silent",
        "w1.n3": "silent",
        "w2.n1": "silent",
        "w2.n2": "answers",
        "w2.n3": "answers",
        "n1.n2": "silent",
        "n1.n3": "silent",
        "n2.n1": "silent",
        "n2.n3": "answers",
        "n3.n1": "silent",
        "n3.n2": "answers",
      });
    });
  });

  it.each([
    [
      { shape: "isolate-primary", with: ["w2"] },
      [
        ["n1", "w2"],
        ["n2", "n3", "n4", "w1"],
      ],
    ],
    [
      { shape: "halves", with: "w1" },
      [
        ["n1", "n2", "w1"],
        ["n3", "n4", "w2"],
      ],
    ],
  ])("has the shape %j", async (options, groups) => {
    await using test = await openFaultContext({ nodes: ["n1", "n2", "n3", "n4"], clients: ["w1", "w2"] });
    const fault = await prepare(test, "partition", options);
    expect(fault.detail).toMatchObject({ groups });
    await roundTrip(fault, async () => {
      const [first = [], second = []] = groups;
      expect(await probeLink(linkOf(test, first.at(-1) ?? "", "n1"), 2_000)).toMatchObject({ state: "answers" });
      expect(await probeLink(linkOf(test, second.at(-1) ?? "", "n1"), 300)).toMatchObject({ state: "silent" });
    });
  });

  it("cuts one way only when asked to", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"] });
    const calls = async (): Promise<number> =>
      Number(/cmdstat_ping:calls=(\d+)/.exec(String(await test.node("n2").command("INFO", "commandstats")))?.[1] ?? 0);
    // n1 no longer hears n2, and n2 still hears n1.
    const fault = await prepare(test, "partition", { groups: [["n2"], ["n1"]], oneWay: true });
    await fault.inject();
    const before = await calls();
    expect(await probeLink(linkOf(test, "n1", "n2"), 300)).toMatchObject({ state: "silent" });
    expect((await calls()) - before).toBe(1);
    await fault.heal();
    expect(await fault.probeHealed()).toMatchObject({ ok: true });
  });

  it("carries replication through the link between two nodes, and stops it there", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"] });
    const { host, port } = test.node("n1").address;
    await test.node("n2").command("REPLICAOF", host, port);
    await test.node("n1").command("SET", "k", "1");
    await expect.poll(() => test.node("n2").command("GET", "k"), { timeout: 10_000 }).toBe("1");
    const fault = await prepare(test, "link", { from: "n1", to: "n2", how: "hold", direction: "forth" });
    await fault.inject();
    await test.node("n1").command("SET", "k", "2");
    expect(await fault.probe()).toMatchObject({ ok: true });
    expect(await test.node("n2").command("GET", "k")).toBe("1");
    await fault.heal();
    await expect.poll(() => test.node("n2").command("GET", "k"), { timeout: 10_000 }).toBe("2");
  });
});

describe("options that make no sense", () => {
  it.each([
    ["pause", { target: "w9" }, /"w9", which is neither a node nor a worker/],
    ["link", { from: "w1", to: "n1", how: "slow" }, /"how" must be hold, drop, reset, down or latency, not "slow"/],
    [
      "link",
      { from: "w1", to: "n1", how: "hold", direction: "up" },
      /"direction" must be both, forth or back, not "up"/,
    ],
    ["link", { from: "n1", to: "n1", how: "hold" }, /no link carries any of these flows/],
    ["partition", { shape: "star" }, /"shape" must be isolate-primary or halves, not "star"/],
    ["partition", { groups: [["n1"]] }, /"groups" must be a list of at least two lists/],
    ["clock-jump", { target: "n1" }, /"offsetMs" must be a number, not undefined/],
  ])("%s %j is refused", async (kind, options, message) => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    await expect(prepare(test, kind, options as FaultOptions)).rejects.toThrow(message);
  });
});
