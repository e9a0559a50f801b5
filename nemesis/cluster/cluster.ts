/** Looks at a Cluster through the eyes of each of its members. */
import { setTimeout as delay } from "node:timers/promises";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { Node } from "../../hosts/host.ts";
import type { FaultContext } from "../fault.ts";
import type { ClusterView, Member } from "../topology.ts";

/**
 * How long a change may take until the nodes concerned tell of it. Redis itself gives a manual failover five seconds.
 */
export const CHANGE_TIMEOUT_MS = 10_000;

/** Between two looks at all members. */
const LOOK_EVERY_MS = 50;

export interface Sight {
  readonly observer: Node;
  readonly view: ClusterView;
}

/** @throws TypeError naming the fault when the system under test is no Cluster. */
export function clusterOnly(context: FaultContext, kind: string): (observer: Node) => Promise<ClusterView> {
  const { clusterView } = context.topology;
  if (clusterView === undefined)
    throw new TypeError(`the fault ${kind} needs the system cluster, and this one is ${context.topology.kind}`);
  return clusterView;
}

/**
 * What every node that answers sees. One that is stopped is not asked: it would not answer, and keep everybody waiting.
 */
export async function sights(context: FaultContext): Promise<Sight[]> {
  const look = clusterOnly(context, "of a Cluster");
  const all = [...context.nodes.values()];
  const states = await Promise.all(all.map((node) => node.state()));
  const nodes = all.filter((_, i) => states[i] === "running");
  const views = await Promise.allSettled(nodes.map((node) => look(node)));
  return nodes.flatMap((observer, i) => {
    const view = views[i];
    return view?.status === "fulfilled" ? [{ observer, view: view.value }] : [];
  });
}

/** What one node sees; nothing when it does not answer, which a fault must not mistake for the end of the run. */
export async function sightOf(context: FaultContext, node: Node): Promise<ClusterView> {
  return (await sights(context)).find(({ observer }) => observer === node)?.view ?? [];
}

/** The nodes that are in the Cluster: those that know another one. */
export async function membersSights(context: FaultContext): Promise<Sight[]> {
  return (await sights(context)).filter(({ view }) => view.length > 1);
}

export function myself(view: ClusterView): Member {
  const self = view.find(({ flags }) => flags.includes("myself"));
  if (self === undefined) throw new Error("a node does not know itself; CLUSTER NODES is not what was expected");
  return self;
}

export function memberNamed(view: ClusterView, name: string): Member | undefined {
  return view.find((member) => member.name === name);
}

export function isPrimary({ flags }: Member): boolean {
  return flags.includes("master");
}

export function slotCount({ slots }: Member): number {
  return slots.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

function owns({ slots }: Member, slot: number): boolean {
  return slots.some(([first, last]) => first <= slot && slot <= last);
}

/** The name of the node that owns a slot in this view. */
export function ownerOf(view: ClusterView, slot: number): string | undefined {
  return view.find((member) => owns(member, slot))?.name;
}

/** In its own words, by `ROLE`, or why it gave none. */
export async function roleOf(node: Node): Promise<string> {
  try {
    const [role] = (await node.command("ROLE")) as [string];
    return role;
  } catch (error) {
    return `unknown (${(error as Error).message})`;
  }
}

/**
 * Whether all give every slot to the same node and know nothing of slots between two nodes, now or after a change that
 * is still on its way: an order that got no answer in time may be carried out when everything seems to have settled.
 */
export async function probeAgreement(context: FaultContext): Promise<ProbeResult> {
  const deadline = performance.now() + CHANGE_TIMEOUT_MS;
  for (;;) {
    const seen = await lookForAgreement(context);
    if (seen.ok || performance.now() > deadline) return seen;
    await delay(LOOK_EVERY_MS);
  }
}

async function lookForAgreement(context: FaultContext): Promise<ProbeResult> {
  const all = await membersSights(context);
  const pictures = new Set(all.map(({ view }) => picture(view)));
  const open = all.filter(({ view }) => view.some(({ migrating, importing }) => migrating.size + importing.size > 0));
  const ok = all.length > 1 && pictures.size === 1 && open.length === 0;
  const owners = [...pictures].join(" | ");
  const between =
    open.length === 0
      ? ""
      : `; slots between two nodes are known to ${open.map(({ observer }) => observer.name).join(", ")}`;
  return { ok, saw: `${all.length} members see: ${owners}${between}` };
}

/**
 * Who owns how many slots, such as `n1 5461, n2 5462, n3 5461`, with the slots themselves where there are few ranges.
 */
function picture(view: ClusterView): string {
  return view
    .filter(({ slots }) => slots.length > 0)
    .map(({ name, id, slots }) => `${name ?? id} ${slots.map(([first, last]) => `${first}-${last}`).join(" ")}`)
    .sort()
    .join(", ");
}
