/** Partitions on real servers: every shape cuts the flows that it names, and nothing else. */
import { describe, expect, it } from "vitest";
import type { Fault, FaultOptions } from "../../../nemesis/fault.ts";
import { faultKind } from "../../../nemesis/registry.ts";
import { probeLink } from "../../../network/link-probe.ts";
import type { Link } from "../../../network/link.ts";
import { openFaultContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { roundTrip } from "../../support/round-trip.ts";

const prepare = (test: TestContext, kind: string, options: FaultOptions): Promise<Fault> =>
  faultKind(kind).prepare(test.context, options);

const linkOf = (test: TestContext, from: string, to: string): Link => {
  const link = test.context.links.all.find((candidate) => candidate.from === from && candidate.to === to);
  if (link === undefined) throw new Error(`no link ${from} ${to}`);
  return link;
};

/** `w1` before `n1`, and `n1` before `n2`. */
const workersFirst = (a: string, b: string): number =>
  Number(b.startsWith("w")) - Number(a.startsWith("w")) || a.localeCompare(b);

/** For links that may answer or not: a busy machine answers late. */
const PATIENCE_MS = 2_000;

describe("partitions", () => {
  it("isolate a primary with a client; each side goes on among itself", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2", "n3"], clients: ["w1", "w2"] });
    const fault = await prepare(test, "partition", { groups: [["primary", "w1"], ["rest"]] });
    expect(fault.detail).toMatchObject({ isolated: ["n1"] });
    await roundTrip(fault, async () => {
      const states = await Promise.all(
        test.context.links.all.map(async (link) => [link.proxy, (await probeLink(link, PATIENCE_MS)).state]),
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
    // On a busy machine the PING is there later than its answer was waited for.
    await expect.poll(async () => (await calls()) - before).toBeGreaterThan(0);
    await fault.heal();
    expect(await fault.probeHealed()).toMatchObject({ ok: true });
  });

  it("carries replication through the link between two nodes, and stops it there", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"] });
    const { host, port } = test.node("n1").address;
    await test.node("n2").command("REPLICAOF", host, port);
    await test.node("n1").command("SET", "k", "1");
    await expect.poll(() => test.node("n2").command("GET", "k")).toBe("1");
    const fault = await prepare(test, "link", { from: "n1", to: "n2", how: "hold", direction: "forth" });
    await fault.inject();
    await test.node("n1").command("SET", "k", "2");
    expect(await fault.probe()).toMatchObject({ ok: true });
    expect(await test.node("n2").command("GET", "k")).toBe("1");
    await fault.heal();
    await expect.poll(() => test.node("n2").command("GET", "k")).toBe("2");
  });

  describe.each([
    [
      { shape: "isolate-node", node: "n2", with: "w1" },
      {
        groups: [
          ["n2", "w1"],
          ["n1", "n3", "n4", "n5", "w2"],
        ],
        isolated: ["n2"],
      },
      ["n1-n2", "n2-n3", "n2-n4", "n2-n5", "w1-n1", "w1-n3", "w1-n4", "w1-n5", "w2-n2"],
    ],
    [
      { shape: "bridge", with: "w1" },
      {
        groups: [
          ["n1", "n2", "w1"],
          ["n4", "n5", "w2"],
        ],
        isolated: [],
      },
      ["n1-n4", "n1-n5", "n2-n4", "n2-n5", "w1-n4", "w1-n5", "w2-n1", "w2-n2"],
    ],
    [{ shape: "clients-from-primary", with: "w2" }, { groups: [["n1", "w2"], ["w1"]], isolated: [] }, ["w1-n1"]],
    [
      { shape: "primary-from-replicas" },
      { groups: [["n1"], ["n2", "n3", "n4", "n5"]], isolated: [] },
      ["n1-n2", "n1-n3", "n1-n4", "n1-n5"],
    ],
    [
      { shape: "majorities-ring" },
      {
        hears: {
          n1: ["n2", "n5"],
          n2: ["n1", "n3"],
          n3: ["n2", "n4"],
          n4: ["n3", "n5"],
          n5: ["n1", "n4"],
        },
        isolated: [],
      },
      ["n1-n3", "n1-n4", "n2-n4", "n2-n5", "n3-n5"],
    ],
  ])("%j", (options, detail, apart) => {
    it("cuts what it should and nothing else", async () => {
      await using test = await openFaultContext({ nodes: ["n1", "n2", "n3", "n4", "n5"], clients: ["w1", "w2"] });
      const fault = await prepare(test, "partition", options);
      expect(fault.detail).toEqual(detail);
      await roundTrip(fault, async () => {
        const looks = test.context.links.all.map(async (link) => {
          const { state } = await probeLink(link, PATIENCE_MS);
          return state === "silent" ? [[link.from, link.to].sort(workersFirst).join("-")] : [];
        });
        expect([...new Set((await Promise.all(looks)).flat())].sort()).toEqual([...apart].sort());
      });
    });
  });

  it("is a ring in which each of three nodes hears one other", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2", "n3"], clients: ["w1"] });
    const fault = await prepare(test, "partition", { shape: "majorities-ring" });
    expect(fault.detail).toMatchObject({ hears: { n1: ["n3"], n2: ["n1"], n3: ["n2"] } });
    await roundTrip(fault, async () => {
      // One flow of each pair is cut, and a PING needs both.
      expect(await probeLink(linkOf(test, "n1", "n2"), 300)).toMatchObject({ state: "silent" });
      expect(await probeLink(linkOf(test, "w1", "n2"), 5_000)).toMatchObject({ state: "answers" });
    });
  });

  it("is a ring in an order that the seed decides, and that each node hears a majority of", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2", "n3", "n4", "n5", "n6"], clients: [] });
    const ring = async (seed: number): Promise<Record<string, string[]>> =>
      (await prepare(test, "partition", { shape: "majorities-ring", seed })).detail?.["hears"] as Record<
        string,
        string[]
      >;
    const rings = await Promise.all([1, 2, 3].map(ring));
    expect(await ring(1)).toEqual(rings[0]);
    expect(new Set(rings.map((each) => JSON.stringify(each))).size).toBe(3);
    for (const hears of rings) {
      const majorities = Object.entries(hears).map(([name, heard]) => [name, ...heard].sort().join(" "));
      expect(majorities.map((majority) => majority.split(" ").length)).toEqual([4, 4, 4, 4, 4, 4]);
      expect(new Set(majorities).size).toBe(6);
    }
  });

  it("cuts sentinels off from the primary only", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], sentinels: ["s1"], clients: ["w1"] });
    const fault = await prepare(test, "partition", { shape: "sentinels-from-primary" });
    expect(fault.detail).toEqual({ groups: [["n1"], ["s1"]], isolated: [] });
    await roundTrip(fault, async () => {
      expect(await probeLink(linkOf(test, "s1", "n1"), 300)).toMatchObject({ state: "silent" });
      expect(await probeLink(linkOf(test, "s1", "n2"), 5_000)).toMatchObject({ state: "answers" });
      expect(await probeLink(linkOf(test, "n2", "n1"), 5_000)).toMatchObject({ state: "answers" });
    });
  });

  it("leaves the cluster bus alone when it is about replication", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"], bus: true });
    const fault = await prepare(test, "partition", { shape: "primary-from-replicas", how: "down" });
    await roundTrip(fault, async () => {
      const states = await Promise.all(
        test.context.links.all.map(async (link) => [link.proxy, (await probeLink(link, 5_000)).state]),
      );
      expect(Object.fromEntries(states)).toEqual({
        "w1.n1": "answers",
        "w1.n2": "answers",
        "n1.n2": "refused",
        "n2.n1": "refused",
        "n1.n2.bus": "answers",
        "n2.n1.bus": "answers",
      });
    });
  });

  it("loses answers across the cut, when asked to", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"] });
    await roundTrip(await prepare(test, "partition", { shape: "isolate-primary", how: "lose-reply" }), async () => {
      expect(await probeLink(linkOf(test, "w1", "n1"), 300)).toMatchObject({ state: "silent" });
      expect(await probeLink(linkOf(test, "w1", "n2"), 5_000)).toMatchObject({ state: "answers" });
    });
  });
});

describe("a shape, one way", () => {
  it("keeps from the replicas what the primary says, and not from the primary what they say", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"] });
    const calls = async (name: string): Promise<number> =>
      Number(/cmdstat_ping:calls=(\d+)/.exec(String(await test.node(name).command("INFO", "commandstats")))?.[1] ?? 0);
    const fault = await prepare(test, "partition", { shape: "primary-from-replicas", oneWay: true });
    await roundTrip(fault, async () => {
      const before = [await calls("n1"), await calls("n2")] as const;
      expect(await probeLink(linkOf(test, "n1", "n2"), 300)).toMatchObject({ state: "silent" });
      expect(await probeLink(linkOf(test, "n2", "n1"), 300)).toMatchObject({ state: "silent" });
      // On a busy machine the PING is there later than its answer was waited for.
      await expect.poll(async () => (await calls("n1")) - before[0]).toBeGreaterThan(0);
      expect((await calls("n2")) - before[1]).toBe(0);
    });
  });
});

describe("isolated nodes", () => {
  it.each([
    [{ shape: "isolate-primary" }, ["n1"]],
    [{ shape: "isolate-primary", oneWay: true }, ["n1"]],
    [{ groups: [["n1", "n2"], ["rest"]], how: "down" }, ["n1", "n2"]],
    [{ groups: [["n1"], ["n2", "w1"]] }, []],
    [{ shape: "primary-from-replicas" }, []],
    [{ shape: "isolate-primary", how: "latency", latencyMs: 50 }, []],
    [{ shape: "isolate-primary", how: "lose-reply" }, []],
  ])("of %j are %j", async (options, isolated) => {
    await using test = await openFaultContext({ nodes: ["n1", "n2", "n3"], clients: ["w1"] });
    expect((await prepare(test, "partition", options)).detail).toMatchObject({ isolated });
  });
});

describe("overlapping partitions", () => {
  it("heal one by one, the first injected first", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2", "n3"], clients: ["w1"] });
    const first = await prepare(test, "partition", { shape: "isolate-node", node: "n1" });
    const second = await prepare(test, "partition", { shape: "isolate-node", node: "n2" });
    await first.inject();
    await second.inject();
    expect(await second.probe()).toMatchObject({ ok: true });
    await first.heal();
    expect(await first.probeHealed()).toMatchObject({ ok: true });
    expect(await first.probe()).toMatchObject({ ok: false });
    expect(await second.probe()).toMatchObject({ ok: true });
    expect(await probeLink(linkOf(test, "n3", "n1"), 5_000)).toMatchObject({ state: "answers" });
    await second.heal();
    expect(await second.probeHealed()).toMatchObject({ ok: true });
  });
});

describe("partitions that make no sense", () => {
  it.each([
    [{ shape: "star" }, /"shape" must be one of isolate-primary, .* majorities-ring, not "star"/],
    [{ shape: "isolate-node" }, /"node" must be a name, not undefined/],
    [{ shape: "isolate-node", node: "n7" }, /"n7", which is neither a node nor a worker/],
    [{ shape: "bridge" }, /a bridge needs a node on each of its sides; there are n1, n2/],
    [{ shape: "majorities-ring" }, /needs at least three nodes, not n1, n2/],
    [{ shape: "sentinels-from-primary" }, /there are no sentinels in this run/],
    [{ shape: "halves", how: "down", oneWay: true }, /down is so both ways; leave out "oneWay"/],
    [{ groups: [["n1"], ["n2"], ["w1"]], oneWay: true }, /needs two groups, not 3/],
    [{ groups: [["n1"]] }, /"groups" must be a list of at least two lists/],
  ])("%j is refused", async (options, message) => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: ["w1"] });
    await expect(prepare(test, "partition", options)).rejects.toThrow(message);
  });
});
