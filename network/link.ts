/**
 * A link: a directed connection from a client or a node to a node. Every link has its own Toxiproxy proxy, so it can be
 * cut, held or slowed by itself, in either direction of flow.
 */
import type { Protocol } from "./protocol.ts";

/** Which of a node's ports a link leads to: its service port, or its cluster bus. */
export type Channel = "data" | "bus";

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface Link {
  /** Name of the connecting worker or node, such as `w1` or `n2`. */
  readonly from: string;
  /** Name of the node that is connected to. */
  readonly to: string;
  readonly channel: Channel;
  /** What is spoken on its channel `data`. */
  readonly protocol: Protocol;
  /** Name of its proxy: `w1.n2`, `n1.n2.bus`; a Toxiproxy that others use has it with the run's prefix before it. */
  readonly proxy: string;
  /** Where the connecting side must connect instead. */
  readonly listen: Endpoint;
  /** Where the proxy connects to: the node itself. */
  readonly upstream: Endpoint;
}

/**
 * A flow of bytes from one party to another. It crosses the links that `from` opened to `to`, and those that `to`
 * opened to `from`: all of them, or those of one channel.
 */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly channel?: Channel;
}

/**
 * A direction of bytes on one link, in Toxiproxy's words: `upstream` is what the link's `from` sends, `downstream` what
 * it gets.
 */
export type Stream = "upstream" | "downstream";

/**
 * What can be done to a flow, named after what is seen on the wire:
 * - `hold`: nothing passes, nothing is lost, everything is delivered late when healed,
 * - `drop`: bytes vanish; the connections close when healed,
 * - `reset`: connections are reset,
 * - `down`: connections are closed and refused (this one cannot be told apart by direction),
 * - `lose-reply`: what is asked arrives and is carried out, the answer vanishes (downstream only); the connections
 *   close when healed,
 * - `latency`: everything passes late, by `latencyMs` ± `jitterMs`,
 * - `bandwidth`: every connection passes at most `rateKBps` thousands of bytes a second in each impaired direction,
 * - `slicer`: what is written arrives in pieces of `averageBytes` ± `variationBytes`, with `delayUs` microseconds after
 *   each,
 * - `slow-close`: bytes pass, the end of a connection passes `delayMs` late.
 */
export type Impairment =
  | { readonly kind: "hold" }
  | { readonly kind: "drop" }
  | { readonly kind: "reset" }
  | { readonly kind: "down" }
  | { readonly kind: "lose-reply" }
  | { readonly kind: "latency"; readonly latencyMs: number; readonly jitterMs: number }
  | { readonly kind: "bandwidth"; readonly rateKBps: number }
  | {
      readonly kind: "slicer";
      readonly averageBytes: number;
      readonly variationBytes: number;
      readonly delayUs: number;
    }
  | { readonly kind: "slow-close"; readonly delayMs: number };

/** What an impairment of flows does to one of the links that they cross. */
export interface LinkImpairment {
  readonly link: Link;
  /** Never empty. */
  readonly streams: readonly Stream[];
  readonly impairment: Impairment;
}
