/** What the faults of links and of partitions share: impair flows, and try every link that they cross with a real connection. */
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { Flow, Impairment, Link } from "../../network/link.ts";
import { probeLink } from "../../network/link-probe.ts";
import type { LinkState } from "../../network/link-probe.ts";
import type { ImpairedFlows } from "../../network/links.ts";
import type { Fault, FaultContext, FaultOptions } from "../fault.ts";
import { SILENCE_MS } from "../fault.ts";
import { numberOption } from "../targets.ts";

/** An answer that comes back sooner than this share of the planned delay was not delayed. */
const LATENCY_SHARE = 0.8;
const HEALED_PATIENCE_MS = 5_000;

/** Reads `how` (and the latency's figures) from a fault's options. */
export function impairmentOf(options: FaultOptions): Impairment {
  const how = options["how"];
  if (how === "hold" || how === "drop" || how === "reset" || how === "down") return { kind: how };
  if (how === "latency") {
    return { kind: how, latencyMs: numberOption(options, "latencyMs"), jitterMs: numberOption(options, "jitterMs", 0) };
  }
  throw new TypeError(
    `the fault's option "how" must be hold, drop, reset, down or latency, not ${JSON.stringify(how)}`,
  );
}

export function impairFlows(
  context: FaultContext,
  flows: readonly Flow[],
  impairment: Impairment,
  words: Pick<Fault, "target" | "title" | "detail">,
): Fault {
  const links = context.links.crossing(flows);
  if (links.length === 0) throw new TypeError(`${words.title}: no link carries any of these flows`);
  let impaired: ImpairedFlows | undefined;
  return {
    ...words,
    inject: async () => void (impaired = await context.links.impair(flows, impairment)),
    probe: () => probeAll(links, (link) => impairedState(link, impairment, context)),
    heal: () => impaired?.heal() ?? Promise.resolve(),
    probeHealed: () => probeAll(links, (link) => healedState(link, context)),
  };
}

/** What is wrong with a link, or undefined when it is as it should be. */
type Complaint = string | undefined;

async function probeAll(links: readonly Link[], look: (link: Link) => Promise<Complaint>): Promise<ProbeResult> {
  const complaints = (await Promise.all(links.map(look))).filter((complaint) => complaint !== undefined);
  return {
    ok: complaints.length === 0,
    saw: complaints.length === 0 ? `${links.length} of ${links.length} links as planned` : complaints.join("; "),
  };
}

async function impairedState(link: Link, impairment: Impairment, context: FaultContext): Promise<Complaint> {
  // A dead or stopped node is silent whatever its links do.
  if (!(await answers(link, context))) return undefined;
  const patience =
    impairment.kind === "latency"
      ? 2 * impairment.latencyMs + 2 * impairment.jitterMs + HEALED_PATIENCE_MS
      : SILENCE_MS;
  const state = await probeLink(link, patience);
  return asPlanned(state, impairment) ? undefined : `${link.proxy} ${describe(state)} under ${impairment.kind}`;
}

function asPlanned(state: LinkState, impairment: Impairment): boolean {
  switch (impairment.kind) {
    case "hold":
    case "drop":
      return state.state === "silent";
    case "reset":
      return state.state === "closed";
    case "down":
      return state.state === "refused";
    case "latency":
      return state.state === "answers" && state.afterMs >= LATENCY_SHARE * (impairment.latencyMs - impairment.jitterMs);
  }
}

async function healedState(link: Link, context: FaultContext): Promise<Complaint> {
  if (!(await answers(link, context))) return undefined;
  const state = await probeLink(link, HEALED_PATIENCE_MS);
  return state.state === "answers" ? undefined : `${link.proxy} ${describe(state)} after it was healed`;
}

async function answers(link: Link, context: FaultContext): Promise<boolean> {
  return (await context.nodes.get(link.to)?.state()) === "running";
}

function describe(state: LinkState): string {
  return state.state === "answers" ? `answered after ${Math.round(state.afterMs)} ms` : `was ${state.state}`;
}
