/**
 * A share of a node's packets is lost at random: options `probability`, and `target`, `peers` and `direction`
 * (`packet-places.ts`). The kernel draws for each packet; the campaign's seed does not decide which ones are lost.
 */
import { z } from "zod";
import { names, number } from "../fault-options.ts";
import { isDeepStrictEqual } from "node:util";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { eventsNeeded, isPlausible } from "../probes/chance.ts";
import type { FaultKind } from "../fault.ts";
import { choosePackets, PACKET_DIRECTIONS } from "../probes/packet-places.ts";
import type { Knock } from "../probes/packet-places.ts";
import { shareOption } from "../targets.ts";
import { FilteredPackets } from "./filtered-packets.ts";
import type { RuleCount } from "./filtered-packets.ts";

/**
 * Rarer ones would need a probe that takes longer than most faults; more frequent ones leave too little for a probe to
 * count.
 */
const LEAST = 0.01;
const MOST = 0.75;
/** At a time: to one server, and from one node to all of them together. */
const CONNECTIONS = { toOne: 64, toAll: 512 };
const TRAFFIC = { pings: 20, patienceMs: 300 };
/** With more rules than this only a summary is told; the detail of the fault has them all. */
const TOLD_RULES = 6;
const PROBE_TIMEOUT_MS = 30_000;

export const packetLoss = {
  kind: "packet-loss",
  options: z.strictObject({
    target: names,
    probability: number,
    peers: names.optional(),
    direction: z.enum(PACKET_DIRECTIONS).optional(),
  }),
  needs: ["packets"],
  takesAllTargets: true,
  async prepare(context, options) {
    const probability = shareOption(options, "probability", LEAST, MOST);
    const { target, places, title } = await choosePackets(context, options, probability);
    const filtered = new FilteredPackets(context, places);
    return {
      target,
      title: `${probability * 100} % of packets lost ${title}`,
      get detail() {
        return filtered.detail;
      },
      inject: () => filtered.add(["incoming", "outgoing"]),
      probe: () => probeLoss(filtered, probability),
      heal: () => filtered.heal(),
      probeHealed: () => filtered.probeHealed(),
    };
  },
} satisfies FaultKind;

async function probeLoss(filtered: FilteredPackets, probability: number): Promise<ProbeResult> {
  if (!filtered.isInForce) return { ok: false, saw: "no rules are in force" };
  const needed = eventsNeeded(probability);
  const connections = Math.min(CONNECTIONS.toOne, Math.ceil(CONNECTIONS.toAll / filtered.mostKnocks));
  const deadline = performance.now() + PROBE_TIMEOUT_MS;
  let seen: RuleCount[];
  let short: RuleCount[] | undefined;
  do {
    await filtered.knock({ ...TRAFFIC, connections }, (knock) => short?.some(isAbout(knock)) ?? true);
    seen = (await filtered.counts()).filter(({ hidden }) => hidden === undefined);
    short = seen.filter(({ matched }) => matched < needed);
  } while (short.length > 0 && performance.now() < deadline);
  const wrong = seen.filter(({ matched, dropped }) => matched < needed || !isPlausible(dropped, matched, probability));
  return {
    ok: seen.length > 0 && wrong.length === 0,
    saw: wrong.length === 0 ? summary(seen) : wrong.map(inWords).join("; "),
  };
}

function isAbout({ from, to }: Knock): (count: RuleCount) => boolean {
  return ({ placed }) => placed.knocks.some((knock) => knock.from === from && isDeepStrictEqual(knock.to, to));
}

function summary(seen: readonly RuleCount[]): string {
  if (seen.length <= TOLD_RULES) return seen.length === 0 ? "no node with rules runs" : seen.map(inWords).join("; ");
  const shares = seen.map(({ matched, dropped }) => (100 * dropped) / matched);
  return `${seen.length} rules, where each has lost ${Math.min(...shares).toFixed(1)} to ${Math.max(...shares).toFixed(1)} % of ${Math.min(...seen.map(({ matched }) => matched))} packets or more`;
}

function inWords({ words, matched, dropped }: RuleCount): string {
  return `${words}: ${dropped} of ${matched} packets lost`;
}
