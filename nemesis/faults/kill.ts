/**
 * SIGKILL to a worker or a node. A node is started again when the fault heals, with the data that it had on disk (`keepData: true`)
 * or with none (`keepData: false`, the default: amnesia). A worker does not come back.
 */
import type { FaultKind } from "../fault.ts";
import { probeBack, probeDown } from "../node-down.ts";
import { resolveParty } from "../targets.ts";

export const kill: FaultKind = {
  kind: "kill",
  options: { required: { target: "names" }, optional: { keepData: "flag" } },
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
        inject: () => worker.kill(),
        probe: () => Promise.resolve(gone()),
        heal: () => Promise.resolve(),
        // It does not come back: healed means that it is still gone.
        probeHealed: () => Promise.resolve(gone()),
      };
    }
    const { node } = party;
    const keepData = options["keepData"] === true;
    return {
      target: [node.name],
      title: `SIGKILL ${node.name}, restart ${keepData ? "with its data" : "empty"}`,
      detail: { keepData },
      mayEnd: true,
      inject: () => node.kill(),
      probe: () => probeDown(node),
      heal: () => node.start({ keepData }),
      probeHealed: () => probeBack(node),
    };
  },
};
