/** Etcd and ZooKeeper: real servers, alone and three together. */
import { describe, expect, it } from "vitest";
import type { SystemPlan } from "../../history/plan.ts";
import type { Comparator, Node } from "../../hosts/host.ts";
import { systemOf } from "../../systems/registry.ts";
import type { System } from "../../systems/system.ts";
import { openProcessHost } from "../support/process-nodes.ts";

const KINDS: readonly Comparator[] = ["etcd", "zookeeper"];

async function withSystem(
  kind: Comparator,
  options: SystemPlan["options"],
  body: (system: System, nodes: readonly Node[]) => Promise<void>,
): Promise<void> {
  await using test = await openProcessHost([kind]);
  const system = systemOf({ kind, options });
  const nodes = await test.host.allocate(system.specs);
  await system.start(nodes);
  await body(system, nodes);
}

describe.each(KINDS)("%s", (kind) => {
  it("alone: leads itself, stops and resumes, comes back after a kill", () =>
    withSystem(kind, {}, async (system, nodes) => {
      const [node] = nodes;
      if (node === undefined) throw new Error("no node");
      expect(await system.primaries(nodes)).toEqual(["n1"]);
      await expect(node.command("PING")).rejects.toThrow(`n1 cannot be sent PING: it is ${kind}, and no Redis server`);
      node.signal("SIGSTOP");
      await expect.poll(() => node.state()).toBe("stopped");
      node.signal("SIGCONT");
      await expect.poll(() => node.state()).toBe("running");
      for (const keepData of [true, false]) {
        await node.kill();
        expect(await system.primaries(nodes)).toEqual([]);
        await node.start({ keepData });
        await system.settled(nodes);
      }
    }));

  it("three together: one leads, and another one when it is killed", () =>
    withSystem(kind, { nodes: 3 }, async (system, nodes) => {
      const [leader] = await system.primaries(nodes);
      const killed = nodes.find(({ name }) => name === leader);
      await killed?.kill();
      await expect.poll(() => system.primaries(nodes), { timeout: 30_000 }).toHaveLength(1);
      await killed?.start({ keepData: true });
      await system.settled(nodes);
      expect(await system.primaries(nodes)).not.toEqual([leader]);
    }));
});
