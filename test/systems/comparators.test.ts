/** Etcd and ZooKeeper: real servers, alone and three together. */
import { describe, expect, it } from "vitest";
import type { SystemPlan } from "../../history/plan.ts";
import type { Comparator, Node } from "../../hosts/host.ts";
import { systemOf } from "../../systems/registry.ts";
import type { System } from "../../systems/system.ts";
import { hasComparatorImage } from "../../hosts/docker/comparator-image.ts";
import { DEFAULT_VERSION } from "../../hosts/docker/server-image.ts";
import { containerRuntime, dockerMissing, openDockerHost } from "../support/docker-nodes.ts";
import { openProcessHost } from "../support/process-nodes.ts";
import type { OpenHost } from "../../runner/equipment/open-host.ts";

const KINDS: readonly Comparator[] = ["etcd", "zookeeper"];

/** Images take minutes to make, so they are tried where somebody has made them: `npm run images -- etcd zookeeper`. */
const inDocker = dockerMissing
  ? []
  : await Promise.all(KINDS.map(async (kind) => ((await hasComparatorImage(containerRuntime(), kind)) ? [kind] : [])));

type Open = (kind: Comparator) => Promise<OpenHost>;

async function withSystem(
  open: Open,
  kind: Comparator,
  options: SystemPlan["options"],
  body: (system: System, nodes: readonly Node[]) => Promise<void>,
): Promise<void> {
  await using test = await open(kind);
  const system = systemOf({ kind, options });
  const nodes = await test.host.allocate(system.specs);
  await system.start(nodes);
  await body(system, nodes);
}

function works(kind: Comparator, open: Open): void {
  it("alone: leads itself, stops and resumes, comes back after a kill", () =>
    withSystem(open, kind, {}, async (system, nodes) => {
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
    withSystem(open, kind, { nodes: 3 }, async (system, nodes) => {
      const [leader] = await system.primaries(nodes);
      const killed = nodes.find(({ name }) => name === leader);
      await killed?.kill();
      await expect.poll(() => system.primaries(nodes)).toHaveLength(1);
      await killed?.start({ keepData: true });
      await system.settled(nodes);
      expect(await system.primaries(nodes)).not.toEqual([leader]);
    }));
}

describe.each(KINDS)("%s", (kind) => {
  works(kind, (each) => openProcessHost([each]));
});

describe.skipIf(inDocker.flat().length === 0).each(inDocker.flat())("%s in Docker", (kind) => {
  works(kind, (each) => openDockerHost(DEFAULT_VERSION, [each]));
});
