/**
 * Loses packets by iptables (iptables(8), iptables-extensions(8)): in chains of our own, one for each direction, that
 * are put in force in one transaction and removed in one. Every rule is two: the first only counts, the second drops.
 */
import { whyNot } from "./network-namespace.ts";
import type { NetworkNamespace } from "./network-namespace.ts";
import type { PacketCount, PacketDirection, PacketRule, PacketRules } from "../packets.ts";

const PREFIX = "redquake-";
const DIRECTIONS = {
  // What a node sends to itself passes through its loopback device.
  incoming: { suffix: "in", hook: "INPUT ! -i lo", address: "-s", port: "--sport" },
  outgoing: { suffix: "out", hook: "OUTPUT ! -o lo", address: "-d", port: "--dport" },
} as const satisfies Record<PacketDirection, object>;

const TRIAL: readonly PacketRule[] = [{ direction: "incoming", peer: undefined, probability: 0.5 }];

/** Why packets cannot be filtered on this machine, or undefined where they can. */
export async function packetFilterMissing(): Promise<string | undefined> {
  return whyNot("iptables-restore", ["--wait", "--noflush"], additions("trial", TRIAL));
}

/** @param name unique in its namespace, at most 15 characters. */
export async function addRules(
  namespace: NetworkNamespace,
  name: string,
  rules: readonly PacketRule[],
): Promise<PacketRules> {
  await namespace.run("iptables-restore", ["--wait", "--noflush"], additions(name, rules));
  return {
    chains: directionsOf(rules).map((direction) => chainOf(name, direction)),
    counts: () => unlessGone(namespace, () => readCounts(namespace, name, rules)),
    remove: () => unlessGone(namespace, () => removeRules(namespace, name, rules)),
  };
}

/** With the node's last process its namespace goes, and all rules in it. */
async function unlessGone<T>(namespace: NetworkNamespace, action: () => Promise<T>): Promise<T | "gone"> {
  try {
    return await action();
  } catch (error) {
    if (namespace.exists()) throw error;
    return "gone";
  }
}

async function readCounts(
  namespace: NetworkNamespace,
  name: string,
  rules: readonly PacketRule[],
): Promise<PacketCount[] | "gone"> {
  const listed = await namespace.run("iptables", ["--wait", "--verbose", "-S"]);
  const counters = new Map(
    directionsOf(rules).map((direction) => [direction, packetCounters(listed, chainOf(name, direction))]),
  );
  const counts = rules.map(({ direction }) => counters.get(direction)?.splice(0, 2) ?? []);
  if (counts.some((each) => each.length < 2)) return "gone";
  return counts.map(([matched = 0, dropped = 0]) => ({ matched, dropped }));
}

/** The chains of ours that are in a namespace. */
export async function ourChains(namespace: NetworkNamespace): Promise<string[]> {
  const listed = await namespace.run("iptables", ["--wait", "-S"]);
  return listed.split("\n").flatMap((line) => (line.startsWith(`-N ${PREFIX}`) ? [line.slice("-N ".length)] : []));
}

async function removeRules(
  namespace: NetworkNamespace,
  name: string,
  rules: readonly PacketRule[],
): Promise<"removed" | "gone"> {
  const chains = directionsOf(rules).map((direction) => chainOf(name, direction));
  const lines = (await namespace.run("iptables", ["--wait", "-S"])).split("\n");
  const there = chains.filter((chain) => lines.includes(`-N ${chain}`));
  if (there.length === 0) return "gone";
  const jumps = lines.filter((line) => there.some((chain) => line.endsWith(` -j ${chain}`)));
  const script = [
    "*filter",
    ...jumps.map((line) => line.replace(/^-A/, "-D")),
    ...there.flatMap((chain) => [`-F ${chain}`, `-X ${chain}`]),
    "COMMIT",
  ];
  await namespace.run("iptables-restore", ["--wait", "--noflush"], `${script.join("\n")}\n`);
  return there.length === chains.length && jumps.length === chains.length ? "removed" : "gone";
}

/** Input of iptables-restore. */
function additions(name: string, rules: readonly PacketRule[]): string {
  const directions = directionsOf(rules);
  const lines = [
    "*filter",
    ...directions.map((direction) => `:${chainOf(name, direction)} - [0:0]`),
    ...rules.flatMap((rule) => {
      const append = ["-A", chainOf(name, rule.direction), ...matchOf(rule)].join(" ");
      const chance = rule.probability < 1 ? ` -m statistic --mode random --probability ${rule.probability}` : "";
      return [append, `${append}${chance} -j DROP`];
    }),
    ...directions.map((direction) => `-A ${DIRECTIONS[direction].hook} -j ${chainOf(name, direction)}`),
    "COMMIT",
  ];
  return `${lines.join("\n")}\n`;
}

function matchOf({ direction, peer }: PacketRule): string[] {
  if (peer === undefined) return [];
  const { address, port } = DIRECTIONS[direction];
  const host = [address, peer.host];
  return peer.port === undefined ? host : ["-p", "tcp", ...host, port, String(peer.port)];
}

function chainOf(name: string, direction: PacketDirection): string {
  return `${PREFIX}${name}-${DIRECTIONS[direction].suffix}`;
}

function directionsOf(rules: readonly PacketRule[]): PacketDirection[] {
  return [...new Set(rules.map(({ direction }) => direction))];
}

/**
 * For each rule of a chain, from lines such as `-A redquake-1-in -s 10.213.0.3/32 -c 12 720 -j DROP`: the packets, not
 * the bytes.
 */
function packetCounters(listed: string, chain: string): number[] {
  return listed.split("\n").flatMap((line) => {
    const count = line.startsWith(`-A ${chain} `) ? /-c (\d+) \d+/.exec(line)?.[1] : undefined;
    return count === undefined ? [] : [Number(count)];
  });
}
