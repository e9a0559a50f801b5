/**
 * What clients have sent through the links of a run, by the account of its proxies; redquake's own probes are left out.
 */
import type { Link } from "./link.ts";
import { isProbe } from "./probe-socket.ts";
import type { FromClients } from "./toxiproxy-server.ts";

/** Bytes by the name of the client, over these links; a client that has sent nothing has 0. */
export function sentBy(
  links: readonly Link[],
  fromClients: FromClients,
  proxyPrefix: string,
): ReadonlyMap<string, number> {
  const sent = new Map<string, number>();
  for (const { from, proxy, listen } of links) {
    const counts = [...(fromClients.get(proxyPrefix + proxy) ?? [])].filter(([port]) => !isProbe(listen, port));
    sent.set(from, (sent.get(from) ?? 0) + counts.reduce((sum, [, bytes]) => sum + bytes, 0));
  }
  return sent;
}
