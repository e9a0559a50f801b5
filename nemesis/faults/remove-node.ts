/**
 * A node leaves its Cluster: option `target`, a replica or a primary without slots; of one that owns slots, or that has
 * replicas, the operator would be told to move them first, and so says the probe. The server runs on, alone. When the
 * fault heals it joins again, as a replica of the shard that it was in.
 */
import { z } from "zod";
import { names } from "../fault-options.ts";
import { Action } from "../administration.ts";
import { clusterOnly } from "../cluster/cluster.ts";
import type { FaultKind } from "../fault.ts";
import { join, leave, ownPrimary, presentPrimary, probeMember, probeStranger } from "../cluster/membership.ts";
import { resolveNode } from "../targets.ts";

export const removeNode = {
  kind: "remove-node",
  options: z.strictObject({ target: names }),
  async prepare(context, options) {
    clusterOnly(context, "remove-node");
    const node = await resolveNode(context, options, "target");
    const primary = await ownPrimary(context, node);
    const action = new Action();
    return {
      target: [node.name],
      title: `${node.name} leaves the Cluster`,
      detail: { replicaOf: primary ?? null },
      inject: () => action.take(() => leave(context, node)),
      probe: async () => action.told(await probeStranger(context, node)),
      heal: () =>
        action.take(async () => {
          const replicaOf = await presentPrimary(context, primary);
          // It never left when that was refused, or it left half-way when somebody did not answer.
          if ((await probeMember(context, node, replicaOf)).ok) return;
          if (!(await probeStranger(context, node)).ok) await leave(context, node);
          await join(context, node, replicaOf);
          await context.topology.settled();
        }),
      probeHealed: async () => action.told(await probeMember(context, node, await presentPrimary(context, primary))),
    };
  },
} satisfies FaultKind;
