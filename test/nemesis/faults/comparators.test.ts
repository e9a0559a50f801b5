/** Faults of servers that are not Redis: what can be done to them, and what is refused by name. */
import { describe, expect, it } from "vitest";
import type { Comparator } from "../../../hosts/host.ts";
import { faultKind } from "../../../nemesis/registry.ts";
import type { FaultOptions } from "../../../nemesis/fault.ts";
import { hasComparatorImage } from "../../../hosts/docker/comparator-image.ts";
import { DEFAULT_VERSION } from "../../../hosts/docker/server-image.ts";
import { containerRuntime, dockerMissing, openDockerHost } from "../../support/docker-nodes.ts";
import { openSystemContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { openProcessHost } from "../../support/process-nodes.ts";
import { roundTrip } from "../../support/round-trip.ts";

const KINDS: readonly Comparator[] = ["etcd", "zookeeper"];

const REFUSED: readonly (readonly [kind: string, options: FaultOptions, message: RegExp])[] = [
  [
    "partition",
    { groups: [["n1"], ["rest"]] },
    /^a fault of the network between n1 and n2 is not possible here: .*pause or kill a (member|server) instead/,
  ],
  ["link", { from: "w1", to: "n1", how: "lose-reply" }, /^lose-reply from w1 to n1 is not possible here: .*use hold/],
  ["flaky", { from: "n1", to: "n2", seed: 1, closedMs: 500, openMs: 500 }, /^a fault of the network between n1 and n2/],
  ["shutdown", { target: "n1" }, /^an orderly end of n1 is not possible here: .*use kill/],
  ["evict", { target: "n1" }, /n1 cannot be sent INFO: it is (etcd|zookeeper), and no Redis server/],
];

function openThree(kind: Comparator): Promise<TestContext> {
  return openSystemContext({ kind, options: { nodes: 3 } }, { clients: ["w1"], open: () => openProcessHost([kind]) });
}

describe.each(KINDS)("faults of %s", (kind) => {
  it("act, are proved, and heal: of links, by signals, by a kill", async () => {
    await using test = await openThree(kind);
    for (const [name, options] of [
      ["link", { from: "w1", to: "servers", how: "hold" }],
      ["link", { from: "w1", to: "n1", how: "latency", latencyMs: 100, jitterMs: 0 }],
      ["link", { from: "w1", to: "n2", how: "down" }],
      ["pause", { target: "n2" }],
      ["kill", { target: "primary", keepData: true }],
    ] as const) {
      const fault = await faultKind(name).prepare(test.context, options);
      await roundTrip(fault, () => Promise.resolve());
      await test.context.topology.settled();
    }
  });

  it("are refused by name where they could not be made, or not be proved", async () => {
    await using test = await openThree(kind);
    for (const [name, options, message] of REFUSED) {
      const act = async (): Promise<void> => (await faultKind(name).prepare(test.context, options)).inject();
      await expect(act(), name).rejects.toThrow(message);
    }
  });
});

/** Images take minutes to make, so they are tried where somebody has made them: `npm run images -- etcd zookeeper`. */
const inDocker = dockerMissing
  ? []
  : await Promise.all(KINDS.map(async (kind) => ((await hasComparatorImage(containerRuntime(), kind)) ? [kind] : [])));

describe.skipIf(inDocker.flat().length === 0).each(inDocker.flat())("%s in Docker", (kind) => {
  it("has another leader when the packets between the leader and the others are lost", async () => {
    await using test = await openSystemContext(
      { kind, options: { nodes: 3 } },
      { clients: ["w1"], open: () => openDockerHost(DEFAULT_VERSION, [kind]) },
    );
    const [leader = ""] = await test.context.primaries();
    const peers = [...test.context.nodes.keys()].filter((name) => name !== leader);
    const fault = await faultKind("packet-drop").prepare(test.context, { target: leader, peers });
    await roundTrip(fault, async () => {
      const others = async (): Promise<string[]> => (await test.context.primaries()).filter((name) => name !== leader);
      await expect.poll(others).toHaveLength(1);
    });
    await test.context.topology.settled();
  });
});

describe("faults that need the shim", () => {
  it("do not reach etcd", async () => {
    await using test = await openThree("etcd");
    for (const [name, options, message] of [
      ["clock-jump", { target: "n1", offsetMs: 1_000 }, /the clock of n1 cannot be moved/],
      ["power-loss", { target: "n1" }, /n1 cannot lose power/],
    ] as const) {
      await expect(faultKind(name).prepare(test.context, options)).rejects.toThrow(message);
    }
  });

  it("let a server of ZooKeeper lose power", async () => {
    await using test = await openThree("zookeeper");
    const fault = await faultKind("power-loss").prepare(test.context, { target: "n1" });
    await roundTrip(fault, () => Promise.resolve());
    await test.context.topology.settled();
  });
});
