/**
 * Packets of a node are lost, all of them: options `target`, `peers` and `direction` (`packet-places.ts`). Nobody is
 * told and no connection is closed; TCP sends again, at ever longer intervals, so that what was lost may still arrive
 * after the fault has healed.
 */
import { z } from "zod";
import { names } from "../fault-options.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { SILENCE_MS } from "../fault.ts";
import type { FaultKind } from "../fault.ts";
import { choosePackets, PACKET_DIRECTIONS } from "../probes/packet-places.ts";
import type { PacketPlace } from "../probes/packet-places.ts";
import { FilteredPackets } from "./filtered-packets.ts";

/** So many that another fault, which loses some packets by chance, does not lose the first ones of all of them. */
const KNOCKS = { connections: 32, pings: 1, patienceMs: SILENCE_MS };

export const packetDrop = {
  kind: "packet-drop",
  options: z.strictObject({ target: names, peers: names.optional(), direction: z.enum(PACKET_DIRECTIONS).optional() }),
  needs: ["packets"],
  takesAllTargets: true,
  async prepare(context, options) {
    const { target, places, title } = await choosePackets(context, options, 1);
    const filtered = new FilteredPackets(context, places);
    return {
      target,
      title: `packets lost ${title}`,
      get detail() {
        return filtered.detail;
      },
      inject: async () => {
        await filtered.add(["incoming"]);
        // Nobody answers what does not go out any more: whether answers are lost must be seen before.
        if (places.some(hasBoth)) await filtered.knock(KNOCKS);
        await filtered.add(["outgoing"]);
      },
      probe: () => probeDropped(filtered),
      heal: () => filtered.heal(),
      probeHealed: () => filtered.probeHealed(),
    };
  },
} satisfies FaultKind;

function hasBoth({ rules }: PacketPlace): boolean {
  return new Set(rules.map(({ rule }) => rule.direction)).size === 2;
}

async function probeDropped(filtered: FilteredPackets): Promise<ProbeResult> {
  const knocks = await filtered.knock(KNOCKS);
  const through = knocks.reduce((sum, [, { opened, failed }]) => sum + opened + failed, 0);
  const silent = knocks.reduce((sum, [, count]) => sum + (count.opened === 0 ? count.silent : 0), 0);
  const saw = `${through} new connections got an answer, ${silent} got none`;
  if (!filtered.isInForce) return { ok: false, saw: `${saw}; no rules are in force` };
  const counts = await filtered.counts();
  const seen = counts.filter(({ hidden }) => hidden === undefined);
  const idle = seen.filter(({ dropped }) => dropped === 0);
  const lost = seen.reduce((sum, { dropped }) => sum + dropped, 0);
  return {
    ok: through === 0 && seen.length > 0 && idle.length === 0,
    saw: [
      saw,
      `${seen.length} of ${counts.length} rules could be seen, ${lost} packets lost`,
      ...idle.map(({ words }) => `no packet lost: ${words}`),
    ].join("; "),
  };
}
