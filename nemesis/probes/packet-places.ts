/**
 * Which packets a plan means, and in whose network they can be told from others. A node's connections to other nodes go
 * to proxies on this machine, each at a port of its own: there, at the end that connects, a peer has a name. At the
 * other end all that a proxy forwards comes from this machine's address, be it a node's or a worker's, so workers have
 * none.
 */
import type { Node } from "../../hosts/host.ts";
import type { NodePackets, PacketDirection, PacketRule } from "../../hosts/packets.ts";
import type { Endpoint } from "../../network/link.ts";
import type { FaultContext, FaultOptions } from "../fault.ts";
import { ImpossibleFault } from "../impossible-fault.ts";
import { namesOption, resolveTargets } from "../targets.ts";

/** What `direction` may be for packets. */
export const PACKET_DIRECTIONS = ["incoming", "outgoing", "both"] as const satisfies readonly (
  PacketDirection | "both"
)[];

type PacketDirections = (typeof PACKET_DIRECTIONS)[number];

/** A connection whose packets a rule is about. */
export interface Knock {
  /** Where it begins: in the network of the rule's own node, or on this machine. */
  readonly from: "inside" | "outside";
  readonly to: Endpoint;
  /** The node that must run for an answer to come; undefined where this machine answers by itself. */
  readonly answeredBy: Node | undefined;
  /** Whether PING is understood there; elsewhere a connection is only opened. */
  readonly speaks: boolean;
}

export interface PlacedRule {
  readonly rule: PacketRule;
  /** Whose packets it is about: a node's name, or `anyone`. */
  readonly peer: string;
  readonly knocks: readonly Knock[];
}

/** The rules that belong into the network of one node. */
export interface PacketPlace {
  readonly node: Node;
  readonly packets: NodePackets;
  readonly rules: readonly PlacedRule[];
}

export interface PacketChoice {
  readonly target: readonly string[];
  readonly places: readonly PacketPlace[];
  /** Such as `n1 ← n2, n3`. */
  readonly title: string;
}

/** Nobody listens there (RFC 863), so that what is sent there is refused at once. */
const DISCARD_PORT = 9;
const ANYONE = "anyone";
const ARROWS = { incoming: "←", outgoing: "→", both: "⇄" } as const satisfies Record<PacketDirections, string>;

/**
 * Reads `target` (nodes), `peers` (nodes, or `anyone`, the default) and `direction` (`incoming`, `outgoing`, or `both`,
 * the default), as the target sees it.
 * @param probability the share of these packets that is lost.
 * @throws TypeError naming the option that makes no sense. @throws ImpossibleFault where packets cannot be filtered.
 */
export async function choosePackets(
  context: FaultContext,
  options: FaultOptions,
  probability: number,
): Promise<PacketChoice> {
  const targets = await nodesOption(context, options, "target");
  const direction = packetDirection(options);
  const wanted: PacketDirection[] = direction === "both" ? ["incoming", "outgoing"] : [direction];
  const places = new Places(probability);
  const named = options["peers"] ?? ANYONE;
  const peerNames = new Set<string>();
  if (named === ANYONE) {
    peerNames.add(ANYONE);
    for (const node of targets) for (const each of wanted) places.addAnyone(node, each);
  } else {
    const peers = await nodesOption(context, options, "peers");
    const pairs = targets.flatMap((target) =>
      peers.filter((peer) => peer !== target).map((peer) => ({ target, peer })),
    );
    if (pairs.length === 0) throw new TypeError(`the fault's option "peers" names nobody but its "target"`);
    for (const { peer } of pairs) peerNames.add(peer.name);
    for (const { target, peer } of pairs) for (const each of wanted) places.addPeer(context, target, peer, each);
  }
  const target = targets.map(({ name }) => name);
  return {
    target,
    places: places.all(),
    title: `${target.join(", ")} ${ARROWS[direction]} ${[...peerNames].join(", ")}`,
  };
}

/** The nodes that an option names. @throws TypeError for a worker. */
async function nodesOption(context: FaultContext, options: FaultOptions, name: string): Promise<Node[]> {
  return (await resolveTargets(context, namesOption(options, name), options)).map((each) => {
    const node = context.nodes.get(each);
    if (node !== undefined) return node;
    throw new TypeError(
      `the fault's option "${name}" must name nodes, and ${each} is a worker: it shares the network of this machine, and its packets cannot be told from those of others; use the fault "link" for it, or ${JSON.stringify(ANYONE)} as peers`,
    );
  });
}

/** @throws ImpossibleFault where nothing can be done to a node's packets. */
export function packetsOf(node: Node): NodePackets {
  const { packets } = node;
  if ("missing" in packets) throw new ImpossibleFault(`a fault of the packets of ${node.name}`, packets.missing);
  return packets;
}

function understandsPing({ protocol }: Node): boolean {
  return protocol === "redis";
}

function packetDirection({ direction = "both" }: FaultOptions): PacketDirections {
  if (direction === "incoming" || direction === "outgoing" || direction === "both") return direction;
  throw new TypeError(
    `the fault's option "direction" must be incoming, outgoing or both, not ${JSON.stringify(direction)}`,
  );
}

class Places {
  readonly #probability: number;
  readonly #byNode = new Map<Node, { readonly packets: NodePackets; readonly rules: Map<string, PlacedRule> }>();

  constructor(probability: number) {
    this.#probability = probability;
  }

  all(): PacketPlace[] {
    return [...this.#byNode].map(([node, { packets, rules }]) => ({ node, packets, rules: [...rules.values()] }));
  }

  addAnyone(node: Node, direction: PacketDirection): void {
    const toNode: Knock = { from: "outside", to: node.address, answeredBy: node, speaks: understandsPing(node) };
    const machine = { host: packetsOf(node).machine, port: DISCARD_PORT };
    const fromNode: Knock = { from: "inside", to: machine, answeredBy: undefined, speaks: true };
    this.#add(node, direction, ANYONE, undefined, direction === "incoming" ? [toNode] : [toNode, fromNode]);
  }

  /** What `target` gets from `peer`, or sends to it: directly, and on each link that one of them opens to the other. */
  addPeer({ links }: FaultContext, target: Node, peer: Node, direction: PacketDirection): void {
    const direct: Knock = { from: "inside", to: peer.address, answeredBy: peer, speaks: understandsPing(peer) };
    this.#add(target, direction, peer.name, { host: peer.address.host }, [direct]);
    const opposite = direction === "incoming" ? "outgoing" : "incoming";
    for (const { from, to, listen, channel } of links.all) {
      const knock: Knock = {
        from: "inside",
        to: listen,
        answeredBy: undefined,
        speaks: channel === "data" && understandsPing(target),
      };
      if (from === target.name && to === peer.name) this.#add(target, direction, peer.name, listen, [knock]);
      if (from === peer.name && to === target.name) this.#add(peer, opposite, target.name, listen, [knock]);
    }
  }

  /** A rule that two pairs ask for is one rule: else more would be lost than was asked for. */
  #add(node: Node, direction: PacketDirection, name: string, peer: PacketRule["peer"], knocks: readonly Knock[]): void {
    const place = this.#byNode.get(node) ?? { packets: packetsOf(node), rules: new Map<string, PlacedRule>() };
    this.#byNode.set(node, place);
    const rule: PacketRule = { direction, peer, probability: this.#probability };
    place.rules.set(JSON.stringify(rule), { rule, peer: name, knocks });
  }
}
