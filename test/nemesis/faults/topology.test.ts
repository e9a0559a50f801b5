/**
 * What an operator does to a topology, on real Sentinel sets and Clusters: it acts, its probe sees it, and where Redis
 * refuses the probe says so.
 */
import { describe, expect, it } from "vitest";
import type { FaultOptions } from "../../../nemesis/fault.ts";
import { resolveNames } from "../../../nemesis/targets.ts";
import { keysIn } from "../../../nemesis/cluster/slot-moves.ts";
import { openFaultContext, openSystemContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { dockerMissing, dockerNote, IMAGE_TIMEOUT_MS, openDockerHost } from "../../support/docker-nodes.ts";
import { openProcessHost } from "../../support/process-nodes.ts";
import { expectSeen, prepare, roundTrip } from "../../support/round-trip.ts";

const HOSTS = [
  { name: "plain processes", open: openProcessHost, skip: false },
  { name: `Docker${dockerNote}`, open: openDockerHost, skip: dockerMissing },
];

const KEY = "{moving}";
const KEYS = 10;

async function fill(test: TestContext, owner: string): Promise<number> {
  for (let i = 0; i < KEYS; i += 1) await test.node(owner).command("SET", `${KEY}:${i}`, i);
  return Number(await test.node(owner).command("CLUSTER", "KEYSLOT", KEY));
}

async function ownerOfKey(test: TestContext): Promise<string> {
  const slot = Number(await test.node("n1").command("CLUSTER", "KEYSLOT", KEY));
  const ranges = (await test.node("n1").command("CLUSTER", "SLOTS")) as [number, number, [string, number]][];
  const port = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1];
  return [...test.context.nodes.values()].find((node) => node.address.port === port)?.name ?? "nobody";
}

/** A replica is promoted, and hands over again. */
async function failsOver(opening: Promise<TestContext>, mode: string): Promise<void> {
  await using test = await opening;
  await roundTrip(await prepare(test, "cluster-failover", { target: "n4", mode, back: true }), async () => {
    expect(await test.node("n4").command("ROLE")).toContain("master");
  });
}

/** A spare joins, and leaves. */
async function joins(opening: Promise<TestContext>, options: FaultOptions): Promise<void> {
  await using test = await opening;
  await roundTrip(await prepare(test, "add-node", { target: "n7", ...options }), async () => {
    expect(await test.node("n7").command("CLUSTER", "INFO")).toMatch(/cluster_state:ok[\s\S]*cluster_known_nodes:7/);
  });
}

/** Slots move, and move back, while a replica does not answer. */
async function healsBeside(opening: Promise<TestContext>, strikes: string): Promise<void> {
  await using test = await opening;
  const owner = await ownerOfKey(test);
  await fill(test, owner);
  const strike = await prepare(test, strikes, { target: "n5" });
  await strike.inject();
  await roundTrip(await prepare(test, "slot-migration", { key: KEY, back: true }), () => Promise.resolve());
  await strike.heal();
  expectSeen(await strike.probeHealed(), true);
  // Killed, it came back empty and knows nobody: the Cluster is whole without it.
  await test.context.topology.settled();
}

describe.each(HOSTS)("in $name", ({ open, skip }) => {
  describe.skipIf(skip)("a Sentinel set", { timeout: IMAGE_TIMEOUT_MS }, () => {
    it("sentinel-failover promotes a replica, and back again", async () => {
      await using test = await openSystemContext({ kind: "sentinel", options: {} }, { open });
      await test.node("n1").command("SET", "k", "v");
      // Replication is asynchronous: a failover may lose what no replica has yet.
      await expect.poll(() => test.node("n1").command("WAIT", 2, 1_000)).toBe(2);
      await roundTrip(await prepare(test, "sentinel-failover", { via: "s2", back: true }), async () =>
        expect(await test.context.primaries()).not.toEqual(["n1"]),
      );
      expect(await test.context.primaries()).toEqual(["n1"]);
      expect(await test.node("n1").command("GET", "k")).toBe("v");
    });
  });

  describe.skipIf(skip)("a Cluster", { timeout: IMAGE_TIMEOUT_MS }, () => {
    const cluster = (): Promise<TestContext> =>
      openSystemContext({ kind: "cluster", options: { spares: 1 } }, { clients: ["w1"], open });

    it("cluster-failover: a replica takes the slots, and gives them back", () => failsOver(cluster(), "plain"));

    it("slot-migration moves slots with their keys, and back", async () => {
      await using test = await cluster();
      const owner = await ownerOfKey(test);
      expect(await resolveNames(test.context, [`owner:${KEY}`])).toEqual([owner]);
      const slot = await fill(test, owner);
      await roundTrip(await prepare(test, "slot-migration", { key: KEY, back: true }), async () => {
        const now = await ownerOfKey(test);
        expect(await resolveNames(test.context, [`owner:${KEY}`])).toEqual([now]);
        expect(now).not.toBe(owner);
        expect(await keysIn(test.node(now), [slot])).toBe(KEYS);
      });
      expect(await keysIn(test.node(owner), [slot])).toBe(KEYS);
    });

    it("slot-migration heals while a replica is struck by kill", () => healsBeside(cluster(), "kill"));

    it("add-node takes a spare, and it leaves again", () => joins(cluster(), {}));

    it("remove-node lets a replica leave, and join again", async () => {
      await using test = await cluster();
      await roundTrip(await prepare(test, "remove-node", { target: "n5" }), async () => {
        expect(await test.node("n1").command("CLUSTER", "INFO")).toMatch(/cluster_known_nodes:5/);
      });
    });
  });
});

/** What does not depend on where the servers run. */
describe("a Cluster, in more ways", () => {
  const cluster = (): Promise<TestContext> =>
    openSystemContext({ kind: "cluster", options: { spares: 1 } }, { clients: ["w1"] });

  it.each(["force", "takeover"])("cluster-failover, %s: a replica takes the slots, and gives them back", (mode) =>
    failsOver(cluster(), mode),
  );

  it("slot-migration stays half-way, and is completed when it heals", async () => {
    await using test = await cluster();
    const owner = await ownerOfKey(test);
    const slot = await fill(test, owner);
    await roundTrip(await prepare(test, "slot-migration", { key: KEY, stop: "half" }), async () => {
      const replies = await Promise.allSettled(
        Array.from({ length: KEYS }, (_, i) => test.node(owner).command("GET", `${KEY}:${i}`)),
      );
      const asks = replies.filter(
        (reply) => reply.status === "rejected" && String(reply.reason.message).startsWith("ASK "),
      );
      expect(asks).toHaveLength(KEYS / 2);
    });
    expect(await keysIn(test.node(await ownerOfKey(test)), [slot])).toBe(KEYS);
  });

  it("slot-migration moves a range of slots to a node that was added", async () => {
    await using test = await cluster();
    const added = await prepare(test, "add-node", { target: "n7" });
    await added.inject();
    expectSeen(await added.probe(), true);
    const moved = await prepare(test, "slot-migration", { slots: ["0-9", 20], to: "n7", back: true });
    await moved.inject();
    expectSeen(await moved.probe(), true);
    await added.heal();
    expect(await added.probeHealed(), "owns slots").toMatchObject({
      ok: false,
      saw: expect.stringContaining("owns 11 slots"),
    });
    await moved.heal();
    expectSeen(await moved.probeHealed(), true);
    await added.heal();
    expectSeen(await added.probeHealed(), true);
  });

  it("add-node that stays is healed although slots have moved to it for good", async () => {
    await using test = await cluster();
    const added = await prepare(test, "add-node", { target: "n7", stay: true });
    await added.inject();
    const moved = await prepare(test, "slot-migration", { slots: ["0-9"], to: "n7" });
    await moved.inject();
    await moved.heal();
    await added.heal();
    expectSeen(await added.probeHealed(), true);
    expect(await test.node("n7").command("CLUSTER", "INFO")).toMatch(/cluster_known_nodes:7/);
  });

  it("slot-migration of a primary's last slots makes it a replica, and gives them back", async () => {
    await using test = await openSystemContext({ kind: "cluster", options: { primaries: 5, replicasEach: 0 } });
    const few = await prepare(test, "slot-migration", { slots: "0-3274", from: "n1", to: "n2" });
    await few.inject();
    const last = await prepare(test, "slot-migration", { slots: 3_275, from: "n1", to: "n2", back: true });
    await last.inject();
    expectSeen(await last.probe(), true);
    expect(await test.node("n1").command("ROLE")).toContain("slave");
    await last.heal();
    expectSeen(await last.probeHealed(), true);
    expect(await test.node("n1").command("ROLE")).toContain("master");
  });

  it("slot-migration heals while a replica is struck by pause", () => healsBeside(cluster(), "pause"));

  it("add-node takes a spare as a replica, and it leaves again", () => joins(cluster(), { replicaOf: "n2" }));
});

describe("what cannot be done now", () => {
  const cluster = (): Promise<TestContext> => openSystemContext({ kind: "cluster", options: {} }, { clients: ["w1"] });

  it("what Redis refuses is told by the probe", async () => {
    await using test = await cluster();
    const owner = await prepare(test, "remove-node", { target: "n1" });
    await owner.inject();
    expect(await owner.probe()).toMatchObject({
      ok: false,
      saw: expect.stringMatching(/refused: n1 owns \d+ slots/),
    });
    const primary = await prepare(test, "cluster-failover", { target: "n1" });
    await primary.inject();
    expect(await primary.probe()).toMatchObject({
      ok: false,
      saw: expect.stringMatching(/refused: n1 answered CLUSTER FAILOVER with/),
    });
    for (const fault of [owner, primary]) {
      await fault.heal();
      expectSeen(await fault.probeHealed(), true);
    }
  });

  it("slot-migration over a link that is down is refused, and is completed when it heals", async () => {
    await using test = await cluster();
    const owner = await ownerOfKey(test);
    const slot = await fill(test, owner);
    const to = owner === "n1" ? "n2" : "n1";
    const down = await prepare(test, "link", { from: owner, to, how: "down" });
    const move = await prepare(test, "slot-migration", { key: KEY, to });
    await down.inject();
    await move.inject();
    expect(await move.probe()).toMatchObject({
      ok: false,
      saw: expect.stringMatching(/refused: n\d answered MIGRATE .* with: IOERR/),
    });
    await down.heal();
    await move.heal();
    expectSeen(await move.probeHealed(), true);
    expect(await keysIn(test.node(to), [slot])).toBe(KEYS);
  });

  it("remove-node does nothing while a member is paused", async () => {
    await using test = await cluster();
    const pause = await prepare(test, "pause", { target: "n6" });
    const removal = await prepare(test, "remove-node", { target: "n5" });
    await pause.inject();
    await removal.inject();
    expect(await removal.probe()).toMatchObject({ ok: false, saw: expect.stringContaining("n6 does not answer") });
    await pause.heal();
    await removal.heal();
    expectSeen(await removal.probeHealed(), true);
  });

  it("orders to a node that is paused are refused, and that is told", async () => {
    await using test = await cluster();
    const pause = await prepare(test, "pause", { target: "n6" });
    const failover = await prepare(test, "cluster-failover", { target: "n6" });
    await pause.inject();
    await failover.inject();
    expect(await failover.probe()).toMatchObject({
      ok: false,
      saw: expect.stringContaining("refused: n6 gave no answer"),
    });
    await pause.heal();
    await failover.heal();
    expectSeen(await failover.probeHealed(), true);
  });
});

describe("options that make no sense", () => {
  it("of a migration are refused", async () => {
    await using test = await openSystemContext({ kind: "cluster", options: { replicasEach: 0 } });
    const migration = (options: FaultOptions): Promise<unknown> => prepare(test, "slot-migration", options);
    await expect(migration({})).rejects.toThrow(/one of the options "slots" and "key"/);
    await expect(migration({ slots: 1, key: "k" })).rejects.toThrow(/one of the options "slots" and "key"/);
    await expect(migration({ slots: "9-1" })).rejects.toThrow(/ranges such as "0-99", not "9-1"/);
    await expect(migration({ slots: [0, 16_384] })).rejects.toThrow(/slots from 0 to 16383 .* not 16384/);
    await expect(migration({ slots: [] })).rejects.toThrow(/at least one slot/);
    await expect(migration({ slots: 1, stop: "early" })).rejects.toThrow(/"stop" must be half, never, not "early"/);
    await expect(migration({ slots: 1, from: "n1", to: "n1" })).rejects.toThrow(/both name n1/);
    await expect(prepare(test, "cluster-failover", { target: "n1", mode: "soft" })).rejects.toThrow(
      /"mode" must be plain, force, takeover, not "soft"/,
    );
    await expect(prepare(test, "cluster-failover", { target: "n1", back: 1 })).rejects.toThrow(
      /"back" must be true or false, not 1/,
    );
  });

  it.each([
    ["sentinel-failover", {}, /sentinel-failover needs the system sentinel, and this one is independent/],
    ["cluster-failover", { target: "n1" }, /cluster-failover needs the system cluster, and this one is independent/],
    ["slot-migration", { key: "k" }, /needs the system cluster/],
    ["add-node", { target: "n1" }, /needs the system cluster/],
    ["remove-node", { target: "n1" }, /needs the system cluster/],
  ])("%s %j is refused", async (kind, options, message) => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: [] });
    await expect(prepare(test, kind, options as FaultOptions)).rejects.toThrow(message);
  });
});
