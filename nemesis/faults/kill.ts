/**
 * SIGKILL to a worker or a node. A node is started again when the fault heals, with the data that it had on disk (`keepData: true`)
 * or with none (`keepData: false`, the default: amnesia). A worker does not come back.
 */
import type { FaultKind } from "../fault.ts";
import { SILENCE_MS } from "../fault.ts";
import { answersWithin } from "../ping.ts";
import { resolveParty } from "../targets.ts";

export const kill: FaultKind = {
  kind: "kill",
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
        probeHealed: () => Promise.resolve({ ok: true, saw: `${worker.name} stays dead, as planned` }),
      };
    }
    const { node } = party;
    const keepData = options["keepData"] === true;
    return {
      target: [node.name],
      title: `SIGKILL ${node.name}, restart ${keepData ? "with its data" : "empty"}`,
      detail: { keepData },
      inject: () => node.kill(),
      probe: async () => {
        const state = await node.state();
        const answered = await answersWithin(node.address, SILENCE_MS);
        return {
          ok: state === "dead" && !answered,
          saw: `the process table shows ${node.name} as ${state}; its port ${answered ? "answers" : "does not answer"}`,
        };
      },
      heal: () => node.start({ keepData }),
      probeHealed: async () => {
        const answer = String(await node.command("PING"));
        return { ok: answer === "PONG", saw: `${node.name} runs again as process ${node.pid()} and answers ${answer}` };
      },
    };
  },
};
