/** What can be asked of `inside.ts`, which is run in the network namespace of a node. */
import type { Endpoint } from "../../network/link.ts";
import type { Traffic } from "../../network/ping-traffic.ts";

export type InsideTask =
  | { readonly kind: "traffic"; readonly to: readonly Endpoint[]; readonly traffic: Traffic }
  | { readonly kind: "datagrams"; readonly to: Endpoint; readonly count: number };

/**
 * A datagram is its sequence number and when it was sent, by the monotonic clock, which is one for all of a machine.
 */
const DATAGRAM_BYTES = 16;

export function writeDatagram(sequence: number, sentAt: bigint): Buffer {
  const datagram = Buffer.alloc(DATAGRAM_BYTES);
  datagram.writeBigUInt64BE(BigInt(sequence), 0);
  datagram.writeBigUInt64BE(sentAt, 8);
  return datagram;
}

/** Undefined for what is none of ours. */
export function readDatagram(datagram: Buffer): { readonly sequence: number; readonly sentAt: bigint } | undefined {
  if (datagram.length !== DATAGRAM_BYTES) return undefined;
  return { sequence: Number(datagram.readBigUInt64BE(0)), sentAt: datagram.readBigUInt64BE(8) };
}
