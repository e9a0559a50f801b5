/** A node joins a Cluster and leaves it, by an operator's commands; and whether all see it so. */
import { awaitCondition } from "../../machine/await-condition.ts";
import type { Node } from "../../hosts/host.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { order, Refusal } from "../administration.ts";
import {
  CHANGE_TIMEOUT_MS,
  isPrimary,
  memberNamed,
  membersSights,
  myself,
  sightOf,
  sights,
  slotCount,
} from "./cluster.ts";
import type { FaultContext } from "../fault.ts";

/**
 * `CLUSTER MEET`, and `CLUSTER REPLICATE` when it is to be the replica of a node; resolves when all members see it so,
 * and it serves.
 */
export async function join(context: FaultContext, node: Node, replicaOf: Node | undefined): Promise<void> {
  const others = (await membersSights(context)).map(({ observer }) => observer).filter((other) => other !== node);
  const [first] = others;
  if (first === undefined) throw new Refusal(`there is no member that ${node.name} could meet`);
  const { host, port } = first.address;
  await order(node, "CLUSTER", "MEET", host, port, first.busAddress?.port ?? 0);
  await awaitCondition(`all members to know ${node.name}`, CHANGE_TIMEOUT_MS, async () =>
    (await probeMember(context, node, undefined)).ok ? true : undefined,
  );
  if (replicaOf !== undefined) {
    await order(node, "CLUSTER", "REPLICATE", String(await order(replicaOf, "CLUSTER", "MYID")));
    await awaitCondition(`${node.name} to have a copy of ${replicaOf.name}`, CHANGE_TIMEOUT_MS, async () => {
      const [role, , , state] = (await node.command("ROLE")) as string[];
      return role === "slave" && state === "connected" ? true : undefined;
    });
  }
  await awaitCondition(`all members to see what ${node.name} is, and it to serve`, CHANGE_TIMEOUT_MS, async () => {
    const serves = String(await node.command("CLUSTER", "INFO")).startsWith("cluster_state:ok");
    return serves && (await probeMember(context, node, replicaOf)).ok ? true : undefined;
  });
}

/**
 * `CLUSTER FORGET` on all others, `CLUSTER RESET HARD` on the node itself: without a new identity the others would not
 * take it back for a minute.
 * @throws Refusal before anything is done, when the node owns slots or has replicas, or when a member does not answer.
 */
export async function leave(context: FaultContext, node: Node): Promise<void> {
  const view = await sightOf(context, node);
  const self = memberNamed(view, node.name);
  if (self === undefined || view.length === 1) throw new Refusal(`${node.name} is in no Cluster, or does not answer`);
  if (slotCount(self) > 0)
    throw new Refusal(`${node.name} owns ${slotCount(self)} slots: move them to other nodes before it is removed`);
  const replicas = view.filter(({ primary }) => primary === self.id).map(({ name, id }) => name ?? id);
  if (replicas.length > 0)
    throw new Refusal(`${replicas.join(", ")} replicate ${node.name}: give them another primary before it is removed`);
  const all = await sights(context);
  const silent = view.flatMap(({ name }) => (all.some(({ observer }) => observer.name === name) ? [] : [name]));
  // One that comes back later and still knows the old identity would never be of one mind with the others.
  if (silent.length > 0)
    throw new Refusal(
      `${silent.map((name) => name ?? "an unknown node").join(", ")} does not answer and could not forget ${node.name}`,
    );
  const knowing = all.filter((each) => each.observer !== node && each.view.some(({ id }) => id === self.id));
  await Promise.all(knowing.map(({ observer }) => order(observer, "CLUSTER", "FORGET", self.id)));
  await order(node, "CLUSTER", "RESET", "HARD");
}

/** All members that answer know it in the same role, and it knows all of them. */
export async function probeMember(
  context: FaultContext,
  node: Node,
  replicaOf: Node | undefined,
): Promise<ProbeResult> {
  const known = await knownBy(context, node);
  const members = await membersSights(context);
  const role = (name: string | undefined): string => (name === undefined ? "primary" : `replica of ${name}`);
  const seen = known.map(({ view, name }) => ({ name, as: role(primaryOf(view, node.name)) }));
  const wanted = role(replicaOf?.name);
  const mine = await sightOf(context, node);
  const complete = members.every(({ observer }) => memberNamed(mine, observer.name) !== undefined);
  return {
    ok: members.length > 1 && complete && seen.length === members.length && seen.every(({ as }) => as === wanted),
    saw: `of ${members.length} members that answer ${seen.map(({ name, as }) => `${name} sees ${node.name} as ${as}`).join(", ") || `none knows ${node.name}`}; it knows ${mine.length} nodes`,
  };
}

/** No member that answers knows it, and it knows nobody. */
export async function probeStranger(context: FaultContext, node: Node): Promise<ProbeResult> {
  const others = (await membersSights(context)).filter(({ observer }) => observer !== node);
  const knowing = others.filter(({ view }) => memberNamed(view, node.name) !== undefined);
  const mine = await sightOf(context, node);
  return {
    ok: others.length > 1 && knowing.length === 0 && mine.length === 1,
    saw: `of ${others.length} other members that answer ${knowing.map(({ observer }) => observer.name).join(", ") || "none"} knows ${node.name}; it knows ${mine.length} nodes, itself included`,
  };
}

/** Whose replica the node is now in its own eyes, by name; undefined when it is a primary or does not answer. */
export async function ownPrimary(context: FaultContext, node: Node): Promise<string | undefined> {
  return primaryOf(await sightOf(context, node), node.name);
}

/** Who is the primary of a shard now that once had this primary: itself, or the one that it replicates now. */
export async function presentPrimary(context: FaultContext, name: string | undefined): Promise<Node | undefined> {
  const node = context.nodes.get(name ?? "");
  if (node === undefined) return undefined;
  const view = await sightOf(context, node);
  if (view.length === 0 || isPrimary(myself(view))) return node;
  return context.nodes.get(primaryOf(view, node.name) ?? "");
}

function primaryOf(view: Awaited<ReturnType<typeof sightOf>>, name: string): string | undefined {
  const primary = memberNamed(view, name)?.primary;
  return view.find(({ id }) => id === primary)?.name;
}

async function knownBy(
  context: FaultContext,
  node: Node,
): Promise<{ name: string; view: Awaited<ReturnType<typeof sightOf>> }[]> {
  return (await membersSights(context))
    .filter(({ view }) => {
      const member = memberNamed(view, node.name);
      return member !== undefined && !member.flags.includes("handshake");
    })
    .map(({ observer, view }) => ({ name: observer.name, view }));
}
