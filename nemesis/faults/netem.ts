/**
 * What the faults by netem share. They act on all that a node sends, to whomever, and are proved by datagrams that the node's network sends to this
 * machine: their numbers and times tell what became of them on the way.
 */
import type { Arrival, Disturbance, Netem, NodePackets } from "../../hosts/packets.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { Fault, FaultContext, FaultOptions } from "../fault.ts";
import { ImpossibleFault } from "../impossible-fault.ts";
import { nodesOption, packetsOf } from "../packet-places.ts";

/** How long the last datagram may take, beside what the disturbance adds. */
const PATIENCE_MS = 1_000;
/** A shorter delay could be the machine's own. */
const VISIBLE_MS = 20;
/** Of a planned delay; timers are not exact. */
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
  const victims = (await nodesOption(context, options, "target")).map((node) => {
    const packets = packetsOf(node);
    return { node, packets, netem: netemOf(node.name, packets) };
  });
  const names = victims.map(({ node }) => node.name);
  let healers: Awaited<ReturnType<Netem["disturb"]>>[] = [];
  let gone = 0;
  const heal = async (): Promise<void> => {
    const results = await Promise.allSettled(healers.map((healer) => healer.remove()));
    healers = healers.filter((_, i) => results[i]?.status === "rejected");
    gone = results.filter((each) => each.status === "fulfilled" && each.value === "gone").length;
    throwFirst(results);
  };
  return {
    target: names,
    title: `${words} from ${names.join(", ")}`,
    inject: async () => {
      const results = await Promise.allSettled(
        victims.map(async ({ netem }) => void healers.push(await netem.disturb(disturbance))),
      );
      if (results.some(({ status }) => status === "rejected")) await heal();
      throwFirst(results);
    },
    probe: async () => {
      const seen = await Promise.all(
        victims.map(async ({ node, packets, netem }) => {
          const there = await netem.isDisturbed();
          const judged = trial.judge(await packets.datagrams(trial.count, trial.delayMs + PATIENCE_MS));
          return {
            ok: judged.ok && there,
            saw: `${node.name}: ${judged.saw}${there ? "" : ", and its network device has no netem of ours"}`,
          };
        }),
      );
      return { ok: seen.every(({ ok }) => ok), saw: seen.map(({ saw }) => saw).join("; ") };
    },
    heal,
    probeHealed: async () => {
      const running = [];
      for (const victim of victims) if ((await victim.node.state()) !== "dead") running.push(victim);
      const left = await Promise.all(running.map(({ netem }) => netem.isDisturbed()));
      const still = running.filter((_, i) => left[i] === true).map(({ node }) => node.name);
      return {
        ok: still.length === 0 && gone === 0,
        saw: [
          still.length === 0 ? "no network device has a netem of ours" : `netem is still on ${still.join(", ")}`,
          ...(gone === 0 ? [] : [`${gone} had ended before, as the network of a node that ends`]),
        ].join("; "),
      };
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

function throwFirst(results: readonly PromiseSettledResult<unknown>[]): void {
  const failed = results.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
