/**
 * A node joins a Cluster: option `target`, one that runs beside it (option `spares` of the system), as the replica of
 * option `replicaOf`, or as a primary without slots. When the fault heals it leaves again, unless option `stay` is
 * true: so it is where slots have moved to it for good.
 */
import { z } from "zod";
import { flag, names } from "../fault-options.ts";
import { Action } from "../administration.ts";
import { clusterOnly } from "../cluster/cluster.ts";
import type { FaultKind } from "../fault.ts";
import { join, leave, ownPrimary, probeMember, probeStranger } from "../cluster/membership.ts";
import { flagOption, resolveNode } from "../targets.ts";

export const addNode = {
  kind: "add-node",
  options: z.strictObject({ target: names, replicaOf: names.optional(), stay: flag.optional() }),
  async prepare(context, options) {
    clusterOnly(context, "add-node");
    const node = await resolveNode(context, options, "target");
    const replicaOf = options["replicaOf"] === undefined ? undefined : await resolveNode(context, options, "replicaOf");
    const stays = flagOption(options, "stay");
    const action = new Action();
    return {
      target: [node.name],
      title: `${node.name} joins the Cluster as ${replicaOf === undefined ? "a primary without slots" : `a replica of ${replicaOf.name}`}${stays ? ", to stay" : ""}`,
      detail: { replicaOf: replicaOf?.name ?? null, ...(stays ? { stay: true } : {}) },
      inject: () => action.take(() => join(context, node, replicaOf)),
      probe: async () => action.told(await probeMember(context, node, replicaOf)),
      heal: () =>
        action.take(async () => {
          // It never came when that was refused.
          if (!stays && !(await probeStranger(context, node)).ok) await leave(context, node);
          await context.topology.settled();
        }),
      probeHealed: async () => {
        if (!stays) return action.told(await probeStranger(context, node));
        // What it is by now, a failover or a move of slots may have changed.
        const primary = context.nodes.get((await ownPrimary(context, node)) ?? "");
        return action.told(await probeMember(context, node, primary));
      },
    };
  },
} satisfies FaultKind;
