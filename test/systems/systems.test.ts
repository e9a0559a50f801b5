/** Every topology, formed from real servers. */
import { describe, expect, it } from "vitest";
import type { Node } from "../../hosts/host.ts";
import type { SystemPlan } from "../../history/plan.ts";
import { systemOf } from "../../systems/registry.ts";
import { SENTINEL_GROUP } from "../../systems/sentinel.ts";
import type { System } from "../../systems/system.ts";
import { openProcessHost } from "../support/process-nodes.ts";

async function withSystem(
  plan: SystemPlan,
  body: (system: System, nodes: readonly Node[]) => Promise<void>,
): Promise<void> {
  await using test = await openProcessHost();
  const system = systemOf(plan);
  const nodes = await test.host.allocate(system.specs);
  await system.start(nodes);
  await body(system, nodes);
}

const named = (nodes: readonly Node[], name: string): Node => {
  const node = nodes.find((candidate) => candidate.name === name);
  if (node === undefined) throw new Error(`no node ${name}`);
  return node;
};

describe("systems", () => {
  it("single: one server", () =>
    withSystem({ kind: "single", options: {} }, async (system, nodes) => {
      expect(nodes.map((node) => node.name)).toEqual(["n1"]);
      expect(await system.primaries(nodes)).toEqual(["n1"]);
    }));

  it("independent: five masters that do not know each other", () =>
    withSystem({ kind: "independent", options: { nodes: 5 } }, async (_system, nodes) => {
      const infos = await Promise.all(nodes.map((node) => node.command("INFO", "replication")));
      for (const info of infos) expect(info).toMatch(/role:master[\s\S]*connected_slaves:0/);
      expect(nodes).toHaveLength(5);
    }));

  it("sentinel: replicas follow, sentinels agree, and a killed primary is replaced", () =>
    withSystem(
      { kind: "sentinel", options: { downAfterMs: 2_000, failoverTimeoutMs: 6_000 } },
      async (system, nodes) => {
        expect(await system.primaries(nodes)).toEqual(["n1"]);
        await named(nodes, "n1").command("SET", "k", "v");
        // Replication is asynchronous: on a busy machine a replica may be promoted that has not heard of the write yet.
        expect(await named(nodes, "n1").command("WAIT", 2, 10_000)).toBe(2);
        // A sentinel that waits for the processor may take another one for down for a moment.
        await expect
          .poll(() => named(nodes, "s1").command("SENTINEL", "CKQUORUM", SENTINEL_GROUP))
          .toMatch(/^OK 3 usable/);
        await named(nodes, "n1").kill();
        // Until all sentinels know of the new primary they may still give the place back to n1, empty as it is, once it
        // runs again.
        await system.settled(nodes);
        await named(nodes, "n1").start({ keepData: false });
        await system.settled(nodes);
        const [primary] = await system.primaries(nodes);
        expect(primary).not.toBe("n1");
        expect(await named(nodes, primary ?? "").command("GET", "k")).toBe("v");
      },
    ));

  it("cluster: every slot has an owner that all nodes agree on, every primary a replica", () =>
    withSystem({ kind: "cluster", options: {} }, async (system, nodes) => {
      expect(await system.primaries(nodes)).toEqual(["n1", "n2", "n3"]);
      expect(await named(nodes, "n5").command("CLUSTER", "INFO")).toMatch(
        /cluster_slots_ok:16384[\s\S]*cluster_size:3/,
      );
      const slots = (await named(nodes, "n6").command("CLUSTER", "SLOTS")) as [number, number, ...unknown[]][];
      expect(
        slots.map(([from, to, ...servers]) => [from, to, servers.length]).sort((a, b) => Number(a[0]) - Number(b[0])),
      ).toEqual([
        [0, 5_460, 2],
        [5_461, 10_921, 2],
        [10_922, 16_383, 2],
      ]);
    }));

  it("refuses options that make no sense, naming them", () => {
    expect(() => systemOf({ kind: "independent", options: { nodes: "five" } })).toThrow(
      /"nodes" of the system independent must be a whole number, not "five"/,
    );
    expect(() => systemOf({ kind: "single", options: { config: "save" } })).toThrow(
      /"config" of the system single must be a list/,
    );
  });
});
