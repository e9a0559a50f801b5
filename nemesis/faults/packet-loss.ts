/**
 * A share of a node's packets is lost at random: options `probability`, and `target`, `peers` and `direction` (`packet-places.ts`). The kernel draws for each
 * packet; the campaign's seed does not decide which ones are lost.
 */
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { eventsNeeded, isPlausible } from "../chance.ts";
import type { FaultKind } from "../fault.ts";
import { choosePackets } from "../packet-places.ts";
import { shareOption } from "../targets.ts";
import { FilteredPackets } from "./filtered-packets.ts";
import type { RuleCount } from "./filtered-packets.ts";

/** Rarer ones would need a probe that takes longer than most faults; more frequent ones leave too little for a probe to count. */
const LEAST = 0.01;
const MOST = 0.75;
const TRAFFIC = { connections: 64, pings: 20, patienceMs: 300 };
const PROBE_TIMEOUT_MS = 20_000;

export const packetLoss: FaultKind = {
  kind: "packet-loss",
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
};

async function probeLoss(filtered: FilteredPackets, probability: number): Promise<ProbeResult> {
  if (!filtered.isInForce) return { ok: false, saw: "no rules are in force" };
  const needed = eventsNeeded(probability);
  const deadline = performance.now() + PROBE_TIMEOUT_MS;
  let seen: RuleCount[];
  do {
    await filtered.knock(TRAFFIC);
    seen = (await filtered.counts()).filter(({ hidden }) => hidden === undefined);
  } while (seen.some(({ matched }) => matched < needed) && performance.now() < deadline);
  const wrong = seen.filter(({ matched, dropped }) => matched < needed || !isPlausible(dropped, matched, probability));
  const told = (wrong.length === 0 ? seen : wrong).map(
    ({ words, matched, dropped }) => `${words}: ${dropped} of ${matched} packets lost`,
  );
  return {
    ok: seen.length > 0 && wrong.length === 0,
    saw: seen.length === 0 ? "no node with rules runs" : told.join("; "),
  };
}
