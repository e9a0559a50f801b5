/**
 * The machine of a node loses power: the server is killed, and what it had written but not forced to disk is gone
 * (docs/fault-shim.md, "Power loss, exactly"). When the fault heals the server starts again with the data that is left.
 */
import { z } from "zod";
import { names } from "../fault-options.ts";
import type { Cut } from "../../hosts/host.ts";
import { cutsAsJson, probeCuts } from "../probes/cuts.ts";
import type { FaultKind } from "../fault.ts";
import { Downtime, probeBack } from "../probes/node-down.ts";
import { resolveNode } from "../targets.ts";

export const powerLoss = {
  kind: "power-loss",
  options: z.strictObject({ target: names }),
  needs: ["shim"],
  leaves: "down",
  reachesStopped: true,
  async prepare(context, options) {
    const node = await resolveNode(context, options, "target");
    if (node.shim === undefined)
      throw new Error(`${node.name} cannot lose power: the fault shim, which sees what is synced, is not loaded there`);
    const downtime = new Downtime(node);
    let cuts: readonly Cut[] | undefined;
    return {
      target: [node.name],
      title: `power loss of ${node.name}`,
      mayEnd: true,
      get detail() {
        return { cuts: cutsAsJson(cuts ?? []) };
      },
      inject: () =>
        downtime.begin(async () => {
          cuts = await node.losePower();
        }),
      probe: () => probeCuts(node, cuts),
      heal: () => downtime.end({ keepData: true }),
      probeHealed: () => probeBack(node),
    };
  },
} satisfies FaultKind;
