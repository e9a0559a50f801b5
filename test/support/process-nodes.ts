/** Real servers for tests: plain processes in a temporary folder that goes with them. */
import type { Comparator, Host, Node, NodeSpec } from "../../hosts/host.ts";
import type { OpenHost } from "../../runner/equipment/open-host.ts";
import { openHost } from "../../runner/equipment/open-host.ts";

/** @param comparators what its nodes may run beside Redis */
export function openProcessHost(comparators: readonly Comparator[] = []): Promise<OpenHost> {
  return openHost({ host: "process", redis: undefined, say: () => undefined }, comparators);
}

export const PLAIN_NODE: Omit<NodeSpec, "name"> = {
  kind: "redis",
  config: [`save ""`, "appendonly no", "repl-diskless-sync-delay 0"],
  bus: false,
  faulty: true,
};

export const BUS_NODE: Omit<NodeSpec, "name"> = {
  ...PLAIN_NODE,
  config: [...PLAIN_NODE.config, "cluster-enabled yes", "cluster-port {bus-port}"],
  bus: true,
};

/** Allocates and starts plain servers with these names. */
export function startNodes(host: Host, ...names: string[]): Promise<readonly Node[]> {
  return startSpecs(
    host,
    names.map((name) => ({ ...PLAIN_NODE, name })),
  );
}

async function startSpecs(host: Host, specs: readonly NodeSpec[]): Promise<readonly Node[]> {
  const nodes = await host.allocate(specs);
  await Promise.all(nodes.map((node) => node.start({ keepData: false })));
  return nodes;
}
