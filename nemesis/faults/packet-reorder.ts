/**
 * Packets that a node sends overtake others: options `target`, `delayMs` (the delay of those that are overtaken) and
 * `probability` (the share of those that leave at once). By netem, which needs a kernel that has it.
 */
import { z } from "zod";
import { names, number } from "../fault-options.ts";
import type { Arrival } from "../../hosts/packets.ts";
import type { FaultKind } from "../fault.ts";
import { numberOption, shareOption } from "../targets.ts";
import { assertVisible, disturb } from "./netem.ts";

const LEAST = 0.01;
const MOST = 0.9;
/** How seldom a probe may see no datagram overtake another although they do. */
const MISSED = 1e-9;

export const packetReorder = {
  kind: "packet-reorder",
  options: z.strictObject({ target: names, delayMs: number, probability: number }),
  needs: ["packets", "netem"],
  async prepare(context, options) {
    const delayMs = numberOption(options, "delayMs");
    const probability = shareOption(options, "probability", LEAST, MOST);
    assertVisible(delayMs, `a delay of ${delayMs} ms`);
    return disturb(
      context,
      options,
      { kind: "reorder", delayMs, probability },
      `${probability * 100} % of packets ahead by ${delayMs} ms`,
      {
        count: datagramsNeeded(probability),
        delayMs,
        judge: (arrivals) => {
          const overtakers = countOvertakers(arrivals);
          return { ok: overtakers > 0, saw: `${overtakers} of ${arrivals.length} datagrams overtook others` };
        },
      },
    );
  },
} satisfies FaultKind;

/** Datagrams that arrived before one that had been sent earlier. */
export function countOvertakers(arrivals: readonly Arrival[]): number {
  let earliest = Infinity;
  let overtakers = 0;
  for (const { sequence } of arrivals.toReversed()) {
    if (sequence > earliest) overtakers += 1;
    earliest = Math.min(earliest, sequence);
  }
  return overtakers;
}

/**
 * Nothing overtakes when all that could come first: n + 1 ways, none more likely than the n-th power of the larger
 * share.
 */
function datagramsNeeded(probability: number): number {
  const larger = Math.max(probability, 1 - probability);
  let count = 1;
  while ((count + 1) * larger ** count > MISSED) count += 1;
  return count;
}
