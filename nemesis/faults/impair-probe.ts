/**
 * Looks at one link under an impairment, and after it, with real connections through the link's own proxy. What else
 * acts on the link at that time is taken into account: two latencies add up, and after one of two holds has healed, the
 * link is still silent.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Node } from "../../hosts/host.ts";
import { pause } from "../../machine/long-timeout.ts";
import { probeLink, probeLinkDuring, probeOpenLink } from "../../network/link-probe.ts";
import type { LinkState } from "../../network/link-probe.ts";
import { outcomeOf, timeExchange, timeServerEnd, withAnswer } from "../../network/link-timing.ts";
import type { Impairment, Link, LinkImpairment } from "../../network/link.ts";
import { besideDirectWay, silenceTells } from "./direct-way.ts";
import { leastDelayMs, patienceMs, payloadFor } from "./link-delay.ts";

/** An effect that shows in less than this share of its planned time is not the planned one: timers are not exact. */
const SHARE = 0.8;
const ANSWER_MS = 5_000;
/** How long a link that should be open may take to answer: longer than any machine is busy. */
const OPEN_MS = 10_000;
/** A shorter delay could be the machine's own, so its absence cannot be shown. */
const VISIBLE_MS = 20;
/**
 * How likely it may be at most that a link on which nothing acts is as slow by chance, each time: to believe that an
 * impairment acts, or that it acts still.
 */
const BY_CHANCE = { acts: 1e-4, still: 1e-6 } as const;
/** One try is enough to believe that a delay acts that no machine makes by itself. */
const LONG_MS = 500;
/** Questions on the direct way are no longer. */
const MOST_DIRECT_BYTES = 65_536;
/** How long it is tried before it counts as undecided. */
const PATIENCE_MS = 30_000;
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
  const down = await whyDown(node);
  if (down !== undefined) return { found: "hidden", why: down };
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
  const state = await probeOpenLink(mine.link, patienceMs(others, 64, OPEN_MS));
  if (state.state !== "answers") return { found: "otherwise", what: `${describe(state)} after it was healed` };
  if (!isGradual(mine.impairment) || (await whyHidden(mine, node)) !== undefined) return AS_PLANNED;
  const { verdict, what } = await decide(mine, [...others, mine], node, "still");
  if (verdict === "refuted") return AS_PLANNED;
  const down = await whyDown(node);
  if (down !== undefined) return { found: "hidden", why: down };
  const still = `was still as under ${mine.impairment.kind} after it was healed`;
  return { found: "otherwise", what: verdict === "shown" ? still : `${what} after it was healed` };
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
      return silenceComplaint(link);
    case "reset":
      return unless("closed", await probeLink(link, patienceMs(active, 64, ANSWER_MS)));
    case "down":
      return unless("refused", await probeLink(link, ANSWER_MS));
    case "lose-reply":
      return replyComplaint(link, active, node);
    case "latency":
    case "bandwidth":
    case "slicer":
    case "slow-close": {
      const { verdict, what } = await decide(mine, active, node, "acts");
      return verdict === "shown" ? undefined : what;
    }
  }
}

function unless(wanted: LinkState["state"], state: LinkState): string | undefined {
  return state.state === wanted ? undefined : describe(state);
}

async function silenceComplaint(link: Link): Promise<string | undefined> {
  let tells = true;
  const state = await probeLinkDuring(link, async (settled) => {
    tells = await silenceTells(link, settled);
  });
  return unless("silent", state) ?? (tells ? undefined : SILENT_TOO);
}

const SILENT_TOO = "was silent, as its server was past the link";

interface Decision {
  /**
   * `refuted`: something passed faster than it can under the impairment. `unclear`: the machine was too slow to tell.
   */
  readonly verdict: "shown" | "refuted" | "unclear";
  /** What was seen last. */
  readonly what: string;
}

/**
 * Whether a link is as slow as an impairment makes it. A single try that is faster refutes that, whatever the machine
 * does. That all are slower tells only as much as it is unlikely without the impairment, and how often the same server
 * is as slow, or half as slow, on the direct way at that time, says how likely. So it is tried until that is unlikely
 * enough, or one is faster, or for as long as anybody would wait.
 */
async function decide(
  mine: LinkImpairment,
  active: readonly LinkImpairment[],
  node: Node,
  purpose: keyof typeof BY_CHANCE,
): Promise<Decision> {
  const deadline = performance.now() + PATIENCE_MS;
  const bytes = payloadOf(mine.impairment);
  let [tries, asked, slow] = [0, 0, 0];
  for (;;) {
    const { seen: timings, directMs } = await besideDirectWay(mine.link, Math.min(bytes, MOST_DIRECT_BYTES), () =>
      timingsOf(mine, active, node, bytes),
    );
    const faster = timings.filter(({ tookMs = Infinity, leastMs }) => tookMs < leastMs);
    if (faster.length > 0) return { verdict: "refuted", what: faster.map(({ what }) => what).join(" and ") };
    const what = timings.map((timing) => timing.what).join(" and ");
    const slowestMs = Math.max(...directMs);
    const lost = timings.some(({ tookMs }) => tookMs === undefined);
    if (lost && slowestMs < ANSWER_MS / 2) return { verdict: "unclear", what };
    const leastMs = Math.min(...timings.map((timing) => timing.leastMs));
    if (!lost) tries += 1;
    asked += directMs.length;
    slow += directMs.filter((ms) => ms >= leastMs / 2).length;
    // The share of slow answers, as far as so few can say.
    const byChance = ((slow + 1) / (asked + 2)) ** tries;
    const long = purpose === "acts" && leastMs >= LONG_MS && slowestMs < leastMs / 2 && !lost;
    if (long || byChance <= BY_CHANCE[purpose]) return { verdict: "shown", what };
    if (performance.now() > deadline) {
      const beside = `while its server took up to ${Math.round(slowestMs)} ms past the link`;
      return { verdict: "unclear", what: `${what} ${beside}: too slow to tell` };
    }
  }
}

/** One thing that an impairment makes slow. */
interface Timing {
  /** Undefined when it did not come at all. */
  readonly tookMs: number | undefined;
  /** What it cannot fall below while everything acts that should. */
  readonly leastMs: number;
  /** In words. */
  readonly what: string;
}

async function timingsOf(
  mine: LinkImpairment,
  active: readonly LinkImpairment[],
  node: Node,
  bytes: number,
): Promise<readonly Timing[]> {
  const { impairment } = mine;
  if (impairment.kind === "slow-close") return timeEnds(mine, impairment.delayMs, active, node);
  return [await timeAnswer(mine, active, bytes)];
}

/** How much has to pass for an impairment to show. */
function payloadOf(impairment: Impairment): number {
  return impairment.kind === "bandwidth" || impairment.kind === "slicer" ? (payloadFor(impairment) ?? 0) : 0;
}

async function timeAnswer(mine: LinkImpairment, active: readonly LinkImpairment[], bytes: number): Promise<Timing> {
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
  const tookMs = await timeExchange(link, bytes, patienceMs(active, bytes, ANSWER_MS));
  const what = tookMs === undefined ? "gave no answer" : `answered ${bytes} bytes after ${Math.round(tookMs)} ms`;
  return { tookMs, leastMs: lateBy(active) - (1 - SHARE) * lateBy([mine]), what };
}

async function timeEnds(
  { link, streams }: LinkImpairment,
  plannedMs: number,
  active: readonly LinkImpairment[],
  node: Node,
): Promise<readonly Timing[]> {
  const patience = patienceMs(active, 64, ANSWER_MS);
  const leastMs = SHARE * plannedMs;
  const timing = (who: string, tookMs: number | undefined): Timing => {
    const after = `brought the end to ${who} after ${Math.round(tookMs ?? 0)} ms`;
    return {
      tookMs,
      leastMs,
      what: tookMs === undefined ? `did not bring the end to ${who}` : after,
    };
  };
  const seen: Timing[] = [];
  if (streams.includes("downstream")) seen.push(timing(link.from, await timeServerEnd(link, patience)));
  if (streams.includes("upstream") && link.channel === "data")
    seen.push(timing(link.to, await timeClientEnd(link, node, patience)));
  return seen;
}

/**
 * Milliseconds from the end of a connection at its client until the node forgot it; undefined when it never did, or
 * gave no answer.
 */
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

/**
 * Gives the probe's connection a name at the server: the server shows it when the command arrived, whatever became of
 * the answer.
 */
async function replyComplaint(link: Link, active: readonly LinkImpairment[], node: Node): Promise<string | undefined> {
  asked += 1;
  const name = `redquake-probe-${process.pid}-${asked}`;
  let arrived = false;
  let tells = true;
  const outcome = await outcomeOf(link, `CLIENT SETNAME ${name}`, async (settled) => {
    const deadline = performance.now() + patienceMs(active, 64, ANSWER_MS);
    while (!arrived && !settled.aborted && performance.now() < deadline) {
      arrived = String(await node.command("CLIENT", "LIST")).includes(` name=${name} `);
      await delay(POLL_MS);
    }
    if (!arrived || settled.aborted) return;
    tells = await silenceTells(link, settled);
    await pause(patienceMs(active, 64, 0), settled);
  });
  if (outcome !== "silent") return outcome === "answered" ? outcome : "was closed";
  if (!tells) return SILENT_TOO;
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
