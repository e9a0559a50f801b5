/** What can be done to single packets of a node that has a network of its own. */
import type { Endpoint } from "../network/link.ts";
import type { Traffic, TrafficCount } from "../network/ping-traffic.ts";

/** A power that is not there: why, in words that end with what to do about it. */
export interface Missing {
  readonly missing: string;
}

/** Seen from the node. */
export type PacketDirection = "incoming" | "outgoing";

/** Which packets are lost. What a node sends to itself is never meant. */
export interface PacketRule {
  readonly direction: PacketDirection;
  /** The other end: an address, or one TCP port of it; undefined for every packet. */
  readonly peer: { readonly host: string; readonly port?: number } | undefined;
  /**
   * The share of them that is lost, over 0; 1 loses all. Each packet is decided by itself, by the kernel and not by a
   * seed.
   */
  readonly probability: number;
}

export interface PacketCount {
  /** Packets that the rule is about. */
  readonly matched: number;
  /** Those of them that it has lost. */
  readonly dropped: number;
}

/** Rules that are in force. */
export interface PacketRules {
  /** The names of their chains. */
  readonly chains: readonly string[];
  /** So far, for each rule in the order in which they were given; `gone` when they are not there any more. */
  counts(): Promise<readonly PacketCount[] | "gone">;
  /**
   * Takes them away; may be called again. Returns `gone` when they were not there any more, as after the node has
   * ended.
   */
  remove(): Promise<"removed" | "gone">;
}

/**
 * What netem (tc-netem(8)) does to all that a node sends:
 * - `delay`: it leaves late, by `delayMs` ± `jitterMs`,
 * - `reorder`: it leaves late, by `delayMs`, but for a share of `probability` that leaves at once and so overtakes,
 * - `duplicate`: a share of `probability` leaves twice.
 */
export type Disturbance =
  | { readonly kind: "delay"; readonly delayMs: number; readonly jitterMs: number }
  | { readonly kind: "reorder"; readonly delayMs: number; readonly probability: number }
  | { readonly kind: "duplicate"; readonly probability: number };

export interface Netem {
  /** One at a time. @throws HostError when something else has taken its place. */
  disturb(disturbance: Disturbance): Promise<{ remove(): Promise<"removed" | "gone"> }>;
  /** Whether a disturbance is there now. */
  isDisturbed(): Promise<boolean>;
}

/** A datagram that arrived on this machine. */
export interface Arrival {
  /** Its place among those that were sent, from 0. */
  readonly sequence: number;
  readonly afterMs: number;
}

export interface NodePackets {
  /** The address of this machine, as the node sees it. */
  readonly machine: string;
  /**
   * Puts rules in force, all at once. Several calls act together, and each is undone by itself.
   * @throws HostError while the node is down.
   */
  filter(rules: readonly PacketRule[]): Promise<PacketRules>;
  /** The names of our chains of rules that are there now; none while the node is down. */
  chains(): Promise<readonly string[]>;
  /**
   * Traffic that begins in the node's own network, past the fault shim, to all of these at once; the counts are in
   * their order.
   */
  traffic(to: readonly Endpoint[], traffic: Traffic): Promise<readonly TrafficCount[]>;
  /**
   * Sends datagrams from the node's network to this machine, one every millisecond, and tells in what order they
   * arrived.
   */
  datagrams(count: number, patienceMs: number): Promise<readonly Arrival[]>;
  readonly netem: Netem | Missing;
}
