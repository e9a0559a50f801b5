/**
 * A share of the packets that a node sends leaves twice: options `target` and `probability`. By netem, which needs a
 * kernel that has it.
 */
import { z } from "zod";
import { names, number } from "../fault-options.ts";
import type { Arrival } from "../../hosts/packets.ts";
import { eventsNeeded, isPlausible } from "../probes/chance.ts";
import type { FaultKind } from "../fault.ts";
import { shareOption } from "../targets.ts";
import { disturb } from "./netem.ts";

const LEAST = 0.01;
const MOST = 0.75;

export const packetDuplicate = {
  kind: "packet-duplicate",
  options: z.strictObject({ target: names, probability: number }),
  needs: ["packets", "netem"],
  async prepare(context, options) {
    const probability = shareOption(options, "probability", LEAST, MOST);
    return disturb(context, options, { kind: "duplicate", probability }, `${probability * 100} % of packets twice`, {
      count: eventsNeeded(probability),
      delayMs: 0,
      judge: (arrivals) => {
        const twice = countTwice(arrivals);
        const different = arrivals.length - twice;
        return {
          ok: twice > 0 && isPlausible(twice, different, probability),
          saw: `${twice} of ${different} datagrams arrived twice`,
        };
      },
    });
  },
} satisfies FaultKind;

/** Arrivals of datagrams that had arrived before. */
export function countTwice(arrivals: readonly Arrival[]): number {
  return arrivals.length - new Set(arrivals.map(({ sequence }) => sequence)).size;
}
