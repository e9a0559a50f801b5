/** Every kind of fault that touches nodes, once on nodes in containers; what each does in detail is tried elsewhere. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { awaitCondition } from "../../../machine/await-condition.ts";
import type { FaultOptions } from "../../../nemesis/fault.ts";
import { FAULT_KINDS, faultKind } from "../../../nemesis/registry.ts";
import { dockerMissing, dockerNote, IMAGE_TIMEOUT_MS, openDockerHost } from "../../support/docker-nodes.ts";
import { openFaultContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { AdminConnection } from "../../../hosts/admin-connection.ts";
import { roundTrip } from "../../support/round-trip.ts";

const FAULTS: readonly (readonly [kind: string, options: FaultOptions])[] = [
  ["pause", { target: "n1" }],
  ["shutdown", { target: "n1" }],
  ["kill", { target: "n1", keepData: false }],
  ["kill", { target: "n1", keepData: true }],
  ["link", { from: "n2", to: "n1", how: "down" }],
  ["link", { from: "w1", to: "n1", how: "hold" }],
  ["link", { from: "w1", to: "n1", how: "drop" }],
  ["link", { from: "w1", to: "n1", how: "reset" }],
  ["link", { from: "n2", to: "n1", how: "lose-reply" }],
  ["link", { from: "n2", to: "n1", how: "latency", latencyMs: 400 }],
  ["link", { from: "w1", to: "n1", how: "bandwidth", rateKBps: 4 }],
  ["link", { from: "w1", to: "n1", how: "slicer", averageBytes: 8, delayUs: 20_000 }],
  ["link", { from: "w1", to: "n1", how: "slow-close", delayMs: 1_000 }],
  ["flaky", { from: "n2", to: "n1", how: "down", seed: 1, closedMs: [200, 400], openMs: [200, 400] }],
  ["partition", { groups: [["n1"], ["rest"]] }],
  ["clock-jump", { target: "n1", offsetMs: -3_600_000 }],
  ["clock-drift", { target: "n1", ratePpm: 100_000 }],
  ["clock-strobe", { target: "n1", offsetMs: 5_000, periodMs: 100, count: 20 }],
  ["power-loss", { target: "n1" }],
  ["truncate-aof", { target: "n1", bytes: 20 }],
  ["disk-full", { target: "n1" }],
  ["read-only-disk", { target: "n1" }],
  ["client-kill", { target: "n1" }],
  ["client-pause", { target: "n1", mode: "WRITE", ms: 60_000 }],
  ["script-flush", { target: "n1" }],
  ["evict", { target: "n1" }],
  ["debug-sleep", { target: "n1", ms: 2_500 }],
  ["active-expire", { target: "n1" }],
  ["command", { target: "n1", command: ["CONFIG", "SET", "hz", "20"], undo: ["CONFIG", "SET", "hz", "10"] }],
];

/** Those that have a Docker test of their own, and `stall`, which strikes workers only. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  "packets.test.ts": ["packet-drop", "packet-loss", "packet-delay", "packet-reorder", "packet-duplicate"],
  "topology-faults.test.ts": ["sentinel-failover", "cluster-failover", "slot-migration", "add-node", "remove-node"],
  "bus-and-sentinel-faults.test.ts": ["cluster-packet-filter", "sentinel-crash"],
  "faults.test.ts": ["stall"],
};

it("every kind of fault is tried", () => {
  const tried = [...FAULTS.map(([kind]) => kind), ...Object.values(ELSEWHERE).flat()];
  expect([...new Set(tried)].sort()).toEqual([...FAULT_KINDS].sort());
});

describe.skipIf(dockerMissing)(`faults in Docker${dockerNote}`, { timeout: IMAGE_TIMEOUT_MS }, () => {
  let test: TestContext;
  beforeAll(async () => {
    test = await openFaultContext({
      nodes: ["n1", "n2"],
      clients: ["w1"],
      config: ["appendonly yes", "appendfsync always"],
      open: openDockerHost,
    });
  }, IMAGE_TIMEOUT_MS);
  afterAll(() => test[Symbol.asyncDispose]());

  // One after the other on the same two nodes: whatever is left of one fault shows in the next.
  it.each(FAULTS)("%s %o acts, is seen by its probe, and heals", async (kind, options) => {
    for (let i = 0; i < 10; i += 1) await test.node("n1").command("SET", `k${i}`, "x".repeat(20_000));
    const client = new AdminConnection(test.node("n1").address);
    await client.command("PING");
    const fault = await faultKind(kind).prepare(test.context, options);
    await roundTrip(fault, async () => expect(await test.node("n2").command("PING")).toBe("PONG"));
    client.close();
    expect(await test.node("n1").command("PING")).toBe("PONG");
  });

  it("a server that ended by itself is started again at once", async () => {
    const n1 = test.node("n1");
    n1.signal("SIGTERM");
    const dead = async (): Promise<true | undefined> => ((await n1.state()) === "dead" ? true : undefined);
    await awaitCondition("n1 to end", 15_000, dead, 1);
    await n1.start({ keepData: true });
    expect(await n1.command("PING")).toBe("PONG");
  });
});
