/**
 * Connections of redquake's own through the proxies of others: what they send is not what the owner of the link has
 * sent.
 */
import { connect } from "node:net";
import type { Socket } from "node:net";
import type { Endpoint } from "./link.ts";

/** The ports that they came from, by the port of the proxy. */
const cameFrom = new Map<number, Set<number>>();

/** Connects to a proxy, as a probe of its link. */
export function probeSocket(to: Endpoint): Socket {
  const socket = connect({ ...to, noDelay: true });
  socket.once("connect", () => {
    if (socket.localPort === undefined) return;
    cameFrom.set(to.port, (cameFrom.get(to.port) ?? new Set()).add(socket.localPort));
  });
  return socket;
}

/** Whether a connection to a proxy, from that port of this machine, was a probe's. */
export function isProbe(proxy: Endpoint, fromPort: number): boolean {
  return cameFrom.get(proxy.port)?.has(fromPort) === true;
}
