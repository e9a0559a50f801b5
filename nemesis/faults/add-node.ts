/**
 * A node joins a Cluster: option `target`, one that runs beside it (option `spares` of the system), as the replica of option `replicaOf`,
 * or as a primary without slots. When the fault heals it leaves again.
 */
import { Action } from "../administration.ts";
import { clusterOnly } from "../cluster.ts";
import type { FaultKind } from "../fault.ts";
import { join, leave, probeMember, probeStranger } from "../membership.ts";
import { resolveNode } from "../targets.ts";

export const addNode: FaultKind = {
  kind: "add-node",
  options: { required: { target: "names" }, optional: { replicaOf: "names" } },
  async prepare(context, options) {
    clusterOnly(context, "add-node");
    const node = await resolveNode(context, options, "target");
    const replicaOf = options["replicaOf"] === undefined ? undefined : await resolveNode(context, options, "replicaOf");
    const action = new Action();
    return {
      target: [node.name],
      title: `${node.name} joins the Cluster as ${replicaOf === undefined ? "a primary without slots" : `a replica of ${replicaOf.name}`}`,
      detail: { replicaOf: replicaOf?.name ?? null },
      inject: () => action.take(() => join(context, node, replicaOf)),
      probe: async () => action.told(await probeMember(context, node, replicaOf)),
      heal: () =>
        action.take(async () => {
          // It never came when that was refused.
          if (!(await probeStranger(context, node)).ok) await leave(context, node);
          await context.topology.settled();
        }),
      probeHealed: async () => action.told(await probeStranger(context, node)),
    };
  },
};
