/** Faults of single packets, on nodes in containers. */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { awaitCondition } from "../../../machine/await-condition.ts";
import type { Node } from "../../../hosts/host.ts";
import { NetworkNamespace } from "../../../hosts/packets/network-namespace.ts";
import { isPlausible, eventsNeeded } from "../../../nemesis/probes/chance.ts";
import type { FaultOptions } from "../../../nemesis/fault.ts";
import { countTwice } from "../../../nemesis/faults/packet-duplicate.ts";
import { countOvertakers } from "../../../nemesis/faults/packet-reorder.ts";
import { packetsOf } from "../../../nemesis/probes/packet-places.ts";
import { dockerMissing, dockerNote, IMAGE_TIMEOUT_MS, openDockerHost } from "../../support/docker-nodes.ts";
import { openFaultContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { prepare, roundTrip } from "../../support/round-trip.ts";

/** TCP sends again at intervals that have doubled while the fault lasted. */
const RETRANSMISSION_TIMEOUT_MS = 30_000;

const FAULTS: readonly (readonly [kind: string, options: FaultOptions])[] = [
  ["packet-drop", { target: "n1" }],
  ["packet-drop", { target: "n1", direction: "incoming" }],
  ["packet-drop", { target: "n1", direction: "outgoing" }],
  ["packet-drop", { target: "n1", peers: "n2" }],
  ["packet-drop", { target: "n1", peers: ["n2"], direction: "incoming" }],
  ["packet-drop", { target: "n1", peers: ["n2"], direction: "outgoing" }],
  ["packet-loss", { target: "n1", probability: 0.2 }],
  ["packet-loss", { target: "n1", probability: 0.01, direction: "outgoing" }],
  ["packet-loss", { target: ["n1"], probability: 0.5, peers: ["n2"], direction: "incoming" }],
];

const NETEM: readonly (readonly [kind: string, options: FaultOptions])[] = [
  ["packet-delay", { target: "n1", delayMs: 100, jitterMs: 20 }],
  ["packet-reorder", { target: "n1", delayMs: 50, probability: 0.5 }],
  ["packet-duplicate", { target: "n1", probability: 0.3 }],
];

describe.skipIf(dockerMissing)(`packets${dockerNote}`, { timeout: IMAGE_TIMEOUT_MS }, () => {
  let test: TestContext;
  beforeAll(async () => {
    test = await openFaultContext({ nodes: ["n1", "n2", "n3"], clients: ["w1"], open: openDockerHost });
  }, IMAGE_TIMEOUT_MS);
  afterAll(() => test[Symbol.asyncDispose]());

  const chains = (name: string): Promise<readonly string[]> => packetsOf(test.node(name)).chains();

  it.each(FAULTS)("%s %o acts, is seen by its probe, and heals", async (kind, options) => {
    const fault = await prepare(test, kind, options);
    await roundTrip(fault, async () => {
      expect(await chains("n1")).not.toEqual([]);
      expect(await test.node("n3").command("PING")).toBe("PONG");
    });
    expect(await test.node("n1").command("PING")).toBe("PONG");
    expect([...(await chains("n1")), ...(await chains("n2"))]).toEqual([]);
    await fault.heal();
  });

  it("are lost one way: what only cannot come in is not carried out until it has healed, what only cannot go out is", async () => {
    for (const direction of ["incoming", "outgoing"] as const) {
      const node = test.node("n1");
      await using client = await openClient(node);
      const fault = await prepare(test, "packet-drop", { target: "n1", direction });
      await fault.inject();
      client.send(`SET way ${direction}`);
      if (direction === "outgoing") {
        await awaitCondition("the command to be carried out", RETRANSMISSION_TIMEOUT_MS, async () =>
          (await askFromInside(node, "GET way")).includes(direction) ? true : undefined,
        );
      } else {
        expect(await fault.probe()).toMatchObject({ ok: true });
        expect(await askFromInside(node, "GET way")).not.toContain(direction);
      }
      expect(client.heard()).toBe("");
      await fault.heal();
      await awaitCondition("the answer", RETRANSMISSION_TIMEOUT_MS, () =>
        client.heard() === "+OK\r\n" ? true : undefined,
      );
      expect(await node.command("GET", "way")).toBe(direction);
    }
  });

  it.each([
    ["through proxies", true],
    ["directly", false],
  ] as const)("are told by their source where nodes are connected %s", async (_words, throughProxies) => {
    const [source, cut, other] = ["n1", "n2", "n3"].map((name) => test.node(name)) as [Node, Node, Node];
    const replicas = [cut, other];
    for (const replica of replicas) {
      replica.shim?.setConnections(throughProxies ? test.context.links.connectionTable(replica.name) : []);
      await replica.command("REPLICAOF", source.address.host, source.address.port);
    }
    await Promise.all(replicas.map((replica) => awaitLink(replica)));
    const fault = await prepare(test, "packet-drop", { target: "n2", peers: "n1", direction: "incoming" });
    await fault.inject();
    expect(await fault.probe()).toMatchObject({ ok: true });
    const value = throughProxies ? "proxied" : "direct";
    await source.command("SET", "source", value);
    await awaitCondition("the other replica to have it", 10_000, async () =>
      (await other.command("GET", "source")) === value ? true : undefined,
    );
    expect(await cut.command("GET", "source")).not.toBe(value);
    await fault.heal();
    expect(await fault.probeHealed()).toMatchObject({ ok: true });
    await awaitCondition("the replica to have it", RETRANSMISSION_TIMEOUT_MS, async () =>
      (await cut.command("GET", "source")) === value ? true : undefined,
    );
    for (const replica of replicas) {
      await replica.command("REPLICAOF", "NO", "ONE");
      replica.shim?.setConnections(test.context.links.connectionTable(replica.name));
    }
  });

  it("can be lost for two reasons at once, and each heals by itself", async () => {
    const loss = await prepare(test, "packet-loss", { target: "n1", probability: 0.2 });
    const drop = await prepare(test, "packet-drop", { target: "n1", peers: "n2" });
    await loss.inject();
    await drop.inject();
    expect(await drop.probe()).toMatchObject({ ok: true });
    await loss.heal();
    const [first, ...others] = await chains("n1");
    expect(await loss.probeHealed()).toEqual({ ok: true, saw: expect.stringContaining(String(first)) as string });
    expect(others).toHaveLength(1);
    expect(await drop.probe()).toMatchObject({ ok: true });
    await drop.heal();
    expect(await drop.probeHealed()).toMatchObject({ ok: true });
    expect(await chains("n1")).toEqual([]);
  });

  it("are not lost any more after their node has ended, and the fault says so", async () => {
    const node = test.node("n1");
    const fault = await prepare(test, "packet-drop", { target: "n1" });
    await fault.inject();
    await node.kill();
    expect(await fault.probe()).toMatchObject({ ok: false });
    await node.start({ keepData: false });
    expect(await node.command("PING")).toBe("PONG");
    await fault.heal();
    expect(await fault.probeHealed()).toEqual({ ok: false, saw: expect.stringContaining("ended before") as string });
    expect(await chains("n1")).toEqual([]);
  });

  it.each([
    [{ target: "w1" }, /"target" must name nodes, and w1 is a worker/],
    [{ target: "n1", peers: ["n2", "w1"] }, /"peers" must name nodes, and w1 is a worker.*"link"/],
    [{ target: "n1", peers: "n1" }, /"peers" names nobody/],
    [{ target: "n1", direction: "forth" }, /"direction" must be incoming, outgoing or both, not "forth"/],
  ] satisfies [FaultOptions, RegExp][])("packet-drop %o is refused", async (options, message) => {
    await expect(prepare(test, "packet-drop", options)).rejects.toThrow(message);
  });

  it.each([0, 0.001, 0.9])("a loss of %d is refused", async (probability) => {
    await expect(prepare(test, "packet-loss", { target: "n1", probability })).rejects.toThrow(
      /share from 0.01 to 0.75/,
    );
  });

  it.each(NETEM)(
    "%s %o acts where the kernel has netem, and is refused with the reason elsewhere",
    async (...netem) => {
      const { netem: power } = packetsOf(test.node("n1"));
      if ("missing" in power) {
        await expect(prepare(test, ...netem)).rejects.toMatchObject({
          name: "ImpossibleFault",
          message: `a fault by netem on n1 is not possible here: ${power.missing}`,
        });
        return;
      }
      await roundTrip(await prepare(test, ...netem), async () => {
        expect(await test.node("n2").command("PING")).toBe("PONG");
      });
    },
  );

  it("as datagrams arrive in order and once where nothing disturbs them", async () => {
    const arrivals = await packetsOf(test.node("n1")).datagrams(100, 5_000);
    expect(arrivals.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(countOvertakers(arrivals)).toBe(0);
    expect(countTwice(arrivals)).toBe(0);
  });
});

describe("faults of packets", () => {
  it("are refused where nodes share the network of this machine", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: [] });
    for (const [kind, options] of [...FAULTS.slice(0, 1), ...NETEM]) {
      await expect(prepare(test, kind, options)).rejects.toThrow(/not possible here: .*--host docker/);
    }
    expect(() => new NetworkNamespace(test.node("n1").pid() ?? 0)).toThrow(/shares the network of this machine/);
  });

  it("count datagrams that overtook others, and that came twice", () => {
    const arrived = (...sequences: number[]) => sequences.map((sequence) => ({ sequence, afterMs: 0 }));
    expect(countOvertakers(arrived(0, 1, 2, 3))).toBe(0);
    expect(countOvertakers(arrived(2, 0, 3, 1))).toBe(2);
    expect(countTwice(arrived(0, 0, 1, 2, 1))).toBe(2);
  });

  it.each([0.01, 0.2, 0.5, 0.75])("know whether a count fits the probability %d", (probability) => {
    const needed = eventsNeeded(probability);
    expect(isPlausible(0, needed, probability)).toBe(false);
    expect(isPlausible(needed, needed, probability)).toBe(false);
    expect(isPlausible(Math.round(needed * probability), needed, probability)).toBe(true);
    expect(isPlausible(0, 1, probability)).toBe(true);
    // Many more tell it from a tenth more or less.
    const many = needed * 300;
    expect(isPlausible(many * probability * 0.9, many, probability)).toBe(false);
    expect(isPlausible(many * probability * 1.1, many, probability)).toBe(false);
  });
});

interface Client extends AsyncDisposable {
  send(command: string): void;
  heard(): string;
}

/** A connection that was open before the fault. */
function openClient({ address }: Node): Promise<Client> {
  return new Promise((resolve, reject) => {
    let heard = "";
    const socket = connect({ ...address, noDelay: true }, () =>
      resolve({
        send: (command) => void socket.write(`${command}\r\n`),
        heard: () => heard,
        [Symbol.asyncDispose]: () => Promise.resolve(void socket.destroy()),
      }),
    );
    socket.on("data", (data) => (heard += String(data)));
    socket.on("error", reject);
  });
}

/** What the server answers to somebody in its own network, whom no rule concerns. */
function askFromInside(node: Node, command: string): Promise<string> {
  const script = `
    const socket = require("node:net").connect(${node.address.port}, ${JSON.stringify(node.address.host)});
    socket.end(${JSON.stringify(`${command}\r\n`)});
    socket.pipe(process.stdout);`;
  return new NetworkNamespace(node.pid() ?? 0).run(process.execPath, ["-e", script]);
}

async function awaitLink(replica: Node): Promise<void> {
  await awaitCondition(`${replica.name} to replicate`, 30_000, async () =>
    String(await replica.command("INFO", "replication")).includes("master_link_status:up") ? true : undefined,
  );
}
