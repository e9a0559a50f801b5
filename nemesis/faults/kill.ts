/**
 * SIGKILL to a worker or a node. A node is started again when the fault heals, with what it had on disk (`keepData:
 * true`), which is nothing where it does not persist, or with none (`keepData: false`, the default: amnesia). A worker
 * does not come back.
 */
import { z } from "zod";
import { flag, names } from "../fault-options.ts";
import { Refusal } from "../administration.ts";
import { comesBack } from "../probes/comes-back.ts";
import type { FaultKind } from "../fault.ts";
import { Downtime, probeBack, probeDown } from "../probes/node-down.ts";
import { resolveParty } from "../targets.ts";

export const kill = {
  kind: "kill",
  options: z.strictObject({ target: names, keepData: flag.optional() }),
  leaves: "down",
  reachesStopped: true,
  async prepare(context, options) {
    const party = await resolveParty(context, options, "target");
    if ("worker" in party) {
      const { worker } = party;
      const gone = (): { ok: boolean; saw: string } => {
        const state = worker.state();
        return { ok: state === "dead", saw: `the process table shows ${worker.name} as ${state}` };
      };
      return {
        target: [worker.name],
        title: `SIGKILL ${worker.name}`,
        inject: async () => {
          if (worker.state() === "dead") throw new Refusal(`${worker.name} was down already`);
          await worker.kill();
        },
        probe: () => Promise.resolve(gone()),
        heal: () => Promise.resolve(),
        // It does not come back: healed means that it is still gone.
        probeHealed: () => Promise.resolve(gone()),
      };
    }
    const { node } = party;
    const keepData = options["keepData"] === true;
    const downtime = new Downtime(node);
    let back = await comesBack(node, "killed");
    return {
      target: [node.name],
      get title() {
        return `SIGKILL ${node.name}, restart ${keepData ? back : "empty"}`;
      },
      get detail() {
        return { keepData, ...(keepData ? { comesBack: back } : {}) };
      },
      mayEnd: true,
      inject: () =>
        downtime.begin(async () => {
          await node.kill();
          back = await comesBack(node, "killed");
        }),
      probe: () => probeDown(node),
      heal: () => downtime.end({ keepData }),
      probeHealed: () => probeBack(node),
    };
  },
} satisfies FaultKind;
