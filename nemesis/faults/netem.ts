/**
 * What the faults by netem share. They act on all that a node sends, to whomever, and are proved by datagrams that the
 * node's network sends to this machine: their numbers and times tell what became of them on the way.
 */
import type { Arrival, Disturbance, Netem, NodePackets } from "../../hosts/packets.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { Fault, FaultContext, FaultOptions } from "../fault.ts";
import { ImpossibleFault } from "../impossible-fault.ts";
import { packetsOf } from "../probes/packet-places.ts";
import { resolveNode } from "../targets.ts";

/** How long the last datagram may take, beside what the disturbance adds. */
const PATIENCE_MS = 1_000;
/** A shorter delay could be the machine's own. */
const VISIBLE_MS = 20;
/** The share of a planned delay that must be seen; timers are not exact. */
const SHARE = 0.8;

/** What a probe sends, and what it must see. */
export interface DatagramTrial {
  readonly count: number;
  /** How late the disturbance makes the last of them, at most. */
  readonly delayMs: number;
  /** In words, what was seen of the disturbance, and whether it is what was planned. */
  readonly judge: (arrivals: readonly Arrival[]) => ProbeResult;
}

export async function disturb(
  context: FaultContext,
  options: FaultOptions,
  disturbance: Disturbance,
  words: string,
  trial: DatagramTrial,
): Promise<Fault> {
  if (options["peers"] !== undefined || options["direction"] !== undefined) {
    throw new TypeError(
      `a fault by netem acts on all that its target sends, so it has neither the option "peers" nor "direction"; leave them out`,
    );
  }
  const node = await resolveNode(context, options, "target");
  const packets = packetsOf(node);
  const netem = netemOf(node.name, packets);
  let placed: Awaited<ReturnType<Netem["disturb"]>> | undefined;
  let removal: "removed" | "gone" | undefined;
  return {
    target: [node.name],
    title: `${words} from ${node.name}`,
    inject: async () => {
      placed = await netem.disturb(disturbance);
    },
    probe: async () => {
      const there = await netem.isDisturbed();
      const { ok, saw } = trial.judge(await packets.datagrams(trial.count, trial.delayMs + PATIENCE_MS));
      return { ok: ok && there, saw: `${saw}; its network device has ${there ? "our" : "no"} netem` };
    },
    heal: async () => {
      removal = await placed?.remove();
      placed = undefined;
    },
    probeHealed: async () => {
      if (removal === "gone") {
        return { ok: false, saw: "netem had ended before, as the network of a node that ends" };
      }
      const there = await netem.isDisturbed();
      return { ok: !there, saw: `the network device of ${node.name} has ${there ? "still our" : "no"} netem` };
    },
  };
}

/** Every datagram that arrived was at least so late. */
export function judgeDelay(arrivals: readonly Arrival[], leastMs: number): ProbeResult {
  const least = Math.min(...arrivals.map(({ afterMs }) => afterMs));
  if (arrivals.length === 0) return { ok: false, saw: "no datagram arrived" };
  return {
    ok: least >= SHARE * leastMs,
    saw: `${arrivals.length} datagrams arrived after ${least.toFixed(1)} ms or more`,
  };
}

/** The least delay that a probe can tell from the machine's own. @throws TypeError naming the figures. */
export function assertVisible(leastMs: number, figures: string): void {
  if (leastMs * SHARE < VISIBLE_MS) {
    throw new TypeError(`${figures} is too short for its probe to see: ask for at least ${VISIBLE_MS / SHARE} ms`);
  }
}

function netemOf(name: string, { netem }: NodePackets): Netem {
  if ("missing" in netem) throw new ImpossibleFault(`a fault by netem on ${name}`, netem.missing);
  return netem;
}
