/** The wall clock of one node or one worker jumps by `offsetMs`; monotonic clocks, and everybody else's, stay as they are. */
import type { Node } from "../../hosts/host.ts";
import type { FaultKind } from "../fault.ts";
import { numberOption, resolveParty } from "../targets.ts";

/** How far a measured jump may be from the planned one: the time that two commands take. */
const TOLERANCE_MS = 250;

export const clockJump: FaultKind = {
  kind: "clock-jump",
  async prepare(context, options) {
    const party = await resolveParty(context, options, "target");
    const offsetMs = numberOption(options, "offsetMs");
    const victim = "node" in party ? party.node : party.worker;
    const shim = victim.shim;
    if (shim === undefined)
      throw new Error(`the clock of ${victim.name} cannot be moved: the fault shim is not loaded there`);
    const probe = async (wantedMs: number): Promise<{ ok: boolean; saw: string }> => {
      const measured = "node" in party ? await nodeOffset(party.node) : await party.worker.clockOffsetMs();
      return {
        ok: Math.abs(measured - wantedMs) <= TOLERANCE_MS,
        saw: `the clock of ${victim.name} is ${Math.round(measured)} ms ahead of this machine's`,
      };
    };
    return {
      target: [victim.name],
      title: `clock of ${victim.name} ${offsetMs >= 0 ? "+" : "−"}${Math.abs(offsetMs)} ms`,
      detail: { offsetMs },
      inject: () => Promise.resolve(shim.setClock({ offsetMs, ratePpm: 0 })),
      probe: () => probe(offsetMs),
      heal: () => Promise.resolve(shim.setClock({ offsetMs: 0, ratePpm: 0 })),
      probeHealed: () => probe(0),
    };
  },
};

/** How far a node's `TIME` (https://redis.io/docs/latest/commands/time/) is ahead of this process's clock, in milliseconds. */
async function nodeOffset(node: Node): Promise<number> {
  const before = Date.now();
  const [seconds, microseconds] = (await node.command("TIME")) as [string, string];
  const middle = before + (Date.now() - before) / 2;
  return Number(seconds) * 1_000 + Number(microseconds) / 1_000 - middle;
}
