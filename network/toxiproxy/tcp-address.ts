/** Addresses as Toxiproxy writes them: `127.0.0.1:6379`, `localhost:0`, `[::1]:6379`. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Endpoint } from "../link.ts";

/**
 * Splits `host:port`; both may be empty.
 * @throws Error when there is no colon, or what follows it is neither nothing, which means 0, nor a number from 0 to
 *   65535.
 */
export function parseAddress(text: string): Endpoint {
  const colon = text.lastIndexOf(":");
  if (colon < 0) throw new Error(`address ${text}: missing port in address`);
  const host = text.slice(0, colon);
  const bracketed = /^\[(.*)\]$/.exec(host)?.[1];
  if (bracketed === undefined && host.includes(":")) throw new Error(`address ${text}: too many colons in address`);
  const portText = text.slice(colon + 1);
  const port = Number(portText);
  if (!/^(?:\+?\d+)?$/.test(portText) || port > 65_535) throw new Error(`address ${text}: invalid port`);
  return { host: bracketed ?? host, port };
}

export function formatAddress({ host, port }: Endpoint): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * The numeric address to listen on. A missing host means the loopback interface: a test tool does not open ports to the
 * network unless it is told to. A name gives its IPv4 address where it has one.
 * @throws Error when the text is no address or the name does not resolve.
 */
export async function resolveListen(text: string): Promise<Endpoint> {
  const { host, port } = parseAddress(text === "" ? ":0" : text);
  if (host === "") return { host: "127.0.0.1", port };
  if (isIP(host) !== 0) return { host, port };
  const { address } = await lookup(host, { order: "ipv4first" });
  return { host: address, port };
}
