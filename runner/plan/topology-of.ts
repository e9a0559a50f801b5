/** What the nemesis may know of a system that is up. */
import type { Node } from "../../hosts/host.ts";
import type { Topology } from "../../nemesis/topology.ts";
import type { System } from "../../systems/system.ts";

export function topologyOf(system: System, nodes: readonly Node[]): Topology {
  const { kind, unlinked, sentinelGroup, clusterView } = system;
  return {
    kind,
    settled: () => system.settled(nodes),
    ...(unlinked === undefined ? {} : { unlinked }),
    ...(sentinelGroup === undefined ? {} : { sentinelGroup }),
    ...(clusterView === undefined ? {} : { clusterView: (observer) => clusterView(observer, nodes) }),
  };
}
