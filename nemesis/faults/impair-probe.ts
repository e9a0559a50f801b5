/**
 * Looks at one link under an impairment, and after it, with real connections through the link's own proxy. What else acts on the link
 * at that time is taken into account: two latencies add up, and after one of two holds has healed, the link is still silent.
 */
import { setTimeout as delay } from "node:timers/promises";
import { pause } from "../../hosts/long-timeout.ts";
import type { Node } from "../../hosts/host.ts";
import { probeLink, probeOpenLink } from "../../network/link-probe.ts";
import type { LinkState } from "../../network/link-probe.ts";
import { outcomeOf, timeExchange, timeServerEnd, withAnswer } from "../../network/link-timing.ts";
import type { Impairment, Link, LinkImpairment } from "../../network/link.ts";
import { SILENCE_MS } from "../fault.ts";
import { leastDelayMs, patienceMs, payloadFor } from "./link-delay.ts";

/** An effect that shows in less than this share of its planned time is not the planned one: timers are not exact. */
const SHARE = 0.8;
const ANSWER_MS = 5_000;
/** A shorter delay could be the machine's own, so its absence cannot be shown. */
const VISIBLE_MS = 20;
const TRIES = 5;
const POLL_MS = 5;

/** What a look at one link found. */
export type Sight =
  | { readonly found: "as planned" }
  /** With what is wrong, as the end of a sentence that begins with the link's name. */
  | { readonly found: "otherwise"; readonly what: string }
  /** Nothing can be seen here, and why. */
  | { readonly found: "hidden"; readonly why: string };

const AS_PLANNED: Sight = { found: "as planned" };

/** Whether an impairment does to its link what it should; `others` is what else acts there. */
export async function lookImpaired(
  mine: LinkImpairment,
  others: readonly LinkImpairment[],
  node: Node | undefined,
): Promise<Sight> {
  const hidden = await whyHidden(mine, node);
  if (hidden !== undefined || node === undefined) return { found: "hidden", why: hidden ?? "it leads nowhere" };
  const complaint = await complaintUnder(mine, [...others, mine], node);
  if (complaint === undefined) return AS_PLANNED;
  const beside = others.length === 0 ? "" : ` beside ${kindsOf(others)}`;
  return { found: "otherwise", what: `${complaint} under ${mine.impairment.kind}${beside}` };
}

/** Whether a link is again as it should be without the impairment; `others` is what still acts there. */
export async function lookHealed(
  mine: LinkImpairment,
  others: readonly LinkImpairment[],
  node: Node | undefined,
): Promise<Sight> {
  const hidden = await whyDown(node);
  if (hidden !== undefined || node === undefined) return { found: "hidden", why: hidden ?? "it leads nowhere" };
  const silencing = others.filter(({ impairment }) => silences(impairment));
  if (silencing.length > 0) return { found: "hidden", why: `${kindsOf(silencing)} still acts there` };
  const state = await probeOpenLink(mine.link, patienceMs(others, 64, ANSWER_MS));
  if (state.state !== "answers") return { found: "otherwise", what: `${describe(state)} after it was healed` };
  if (!isGradual(mine.impairment) || (await whyHidden(mine, node)) !== undefined) return AS_PLANNED;
  // The machine may be slow by itself, so one look proves nothing; but no single one can be fast while the impairment is there.
  for (let i = 0; i < TRIES; i += 1) {
    if ((await complaintUnder(mine, [...others, mine], node)) !== undefined) return AS_PLANNED;
  }
  return { found: "otherwise", what: `was still as under ${mine.impairment.kind} after it was healed` };
}

async function whyDown(node: Node | undefined): Promise<string | undefined> {
  const state = (await node?.state()) ?? "dead";
  // Its silence would say nothing about its links.
  return state === "running" ? undefined : `${node?.name ?? "its node"} is ${state}`;
}

async function whyHidden(
  { link, streams, impairment }: LinkImpairment,
  node: Node | undefined,
): Promise<string | undefined> {
  const down = await whyDown(node);
  if (down !== undefined || link.channel === "data") return down;
  const { kind } = impairment;
  const asks = streams.includes("upstream");
  if (!asks && (kind === "drop" || kind === "lose-reply" || kind === "bandwidth" || kind === "slicer")) {
    return "to a probe a bus answers nothing but the end of the connection";
  }
  if (kind === "slow-close" && !streams.includes("downstream")) {
    return "a node does not tell when it sees the end of a bus connection";
  }
  return undefined;
}

/** What is not as it should be under an impairment, or undefined. */
async function complaintUnder(
  mine: LinkImpairment,
  active: readonly LinkImpairment[],
  node: Node,
): Promise<string | undefined> {
  const { link, impairment } = mine;
  switch (impairment.kind) {
    case "hold":
    case "drop":
      return unless("silent", await probeLink(link, SILENCE_MS));
    case "reset":
      return unless("closed", await probeLink(link, patienceMs(active, 64, SILENCE_MS)));
    case "down":
      return unless("refused", await probeLink(link, SILENCE_MS));
    case "lose-reply":
      return replyComplaint(link, active, node);
    case "latency":
      return delayComplaint(mine, active, 0);
    case "bandwidth":
    case "slicer":
      return delayComplaint(mine, active, payloadFor(impairment) ?? 0);
    case "slow-close":
      return endComplaint(mine, impairment.delayMs, active, node);
  }
}

function unless(wanted: LinkState["state"], state: LinkState): string | undefined {
  return state.state === wanted ? undefined : describe(state);
}

async function delayComplaint(
  mine: LinkImpairment,
  active: readonly LinkImpairment[],
  bytes: number,
): Promise<string | undefined> {
  const { link } = mine;
  // On a bus the only answer is the end of the connection, which does not say how long an answer would take.
  const streams =
    link.channel === "data"
      ? (["upstream", "downstream"] as const)
      : mine.streams.includes("upstream")
        ? (["upstream"] as const)
        : (["downstream"] as const);
  const lateBy = (impairments: readonly LinkImpairment[]): number =>
    streams.reduce((sum, stream) => sum + leastDelayMs(impairments, stream, bytes), 0);
  const least = lateBy(active) - (1 - SHARE) * lateBy([mine]);
  const tookMs = await timeExchange(link, bytes, patienceMs(active, bytes, ANSWER_MS));
  if (tookMs === undefined) return "gave no answer";
  return tookMs >= least ? undefined : `answered ${bytes} bytes after ${Math.round(tookMs)} ms`;
}

async function endComplaint(
  { link, streams }: LinkImpairment,
  delayMs: number,
  active: readonly LinkImpairment[],
  node: Node,
): Promise<string | undefined> {
  const patience = patienceMs(active, 64, ANSWER_MS);
  const seen: [who: string, tookMs: number | undefined][] = [];
  if (streams.includes("downstream")) seen.push([link.from, await timeServerEnd(link, patience)]);
  if (streams.includes("upstream") && link.channel === "data") {
    seen.push([link.to, await timeClientEnd(link, node, patience)]);
  }
  const wrong = seen.filter(([, tookMs]) => tookMs === undefined || tookMs < SHARE * delayMs);
  if (wrong.length === 0) return undefined;
  return wrong
    .map(([who, tookMs]) =>
      tookMs === undefined
        ? `did not bring the end to ${who}`
        : `brought the end to ${who} after ${Math.round(tookMs)} ms`,
    )
    .join(" and ");
}

/** Milliseconds from the end of a connection at its client until the node forgot it; undefined when it never did, or gave no answer. */
function timeClientEnd(link: Link, node: Node, patience: number): Promise<number | undefined> {
  return withAnswer(link, "CLIENT ID", patience, async (answer, socket) => {
    const id = /^:(\d+)/.exec(answer)?.[1];
    if (id === undefined) throw new Error(`${node.name} answered CLIENT ID with ${JSON.stringify(answer)}`);
    const ended = performance.now();
    socket.end();
    while (String(await node.command("CLIENT", "LIST", "ID", id)).includes(`id=${id} `)) {
      if (performance.now() - ended > patience) return undefined;
      await delay(POLL_MS);
    }
    return performance.now() - ended;
  });
}

let asked = 0;

/** Gives the probe's connection a name at the server: the server shows it when the command arrived, whatever became of the answer. */
async function replyComplaint(link: Link, active: readonly LinkImpairment[], node: Node): Promise<string | undefined> {
  asked += 1;
  const name = `redquake-probe-${process.pid}-${asked}`;
  let arrived = false;
  const outcome = await outcomeOf(link, `CLIENT SETNAME ${name}`, async (settled) => {
    const deadline = performance.now() + patienceMs(active, 64, ANSWER_MS);
    while (!arrived && !settled.aborted && performance.now() < deadline) {
      arrived = String(await node.command("CLIENT", "LIST")).includes(` name=${name} `);
      await delay(POLL_MS);
    }
    if (arrived && !settled.aborted) await pause(patienceMs(active, 64, SILENCE_MS), settled);
  });
  if (outcome !== "silent") return outcome === "answered" ? outcome : "was closed";
  return arrived ? undefined : "did not bring the command to the server";
}

/** Whether a link under this impairment gives no answer to a probe. */
function silences({ kind }: Impairment): boolean {
  return kind === "hold" || kind === "drop" || kind === "reset" || kind === "down" || kind === "lose-reply";
}

/** Whether a link answers under this impairment, but later than it should; and late enough for a probe to tell. */
function isGradual(impairment: Impairment): boolean {
  if (impairment.kind === "latency") return impairment.latencyMs - impairment.jitterMs >= VISIBLE_MS;
  if (impairment.kind === "slow-close") return impairment.delayMs >= VISIBLE_MS;
  return impairment.kind === "bandwidth" || impairment.kind === "slicer";
}

function kindsOf(impairments: readonly LinkImpairment[]): string {
  return [...new Set(impairments.map(({ impairment }) => impairment.kind))].join(", ");
}

function describe(state: LinkState): string {
  return state.state === "answers" ? `answered after ${Math.round(state.afterMs)} ms` : `was ${state.state}`;
}
