/** Whether a plan can be carried out where it is to run, found out before anything is started. */
import type { Plan } from "../../history/plan.ts";
import { cacheFolder } from "../../machine/cache-folder.ts";
import { findComparator } from "../../hosts/programs/comparator-program.ts";
import { HostError } from "../../machine/host-error.ts";
import type { Comparator, Host } from "../../hosts/host.ts";
import { netemMissing } from "../../hosts/packets/kernel-netem.ts";
import { packetFilterMissing } from "../../hosts/packets/packet-filter.ts";
import { PACKETS_MISSING } from "../../hosts/process/process-node.ts";
import { buildShim } from "../../hosts/shim/shim-build.ts";
import type { Need } from "../../nemesis/fault.ts";
import { needsOfFaults } from "../../nemesis/needs.ts";
import { comparatorsOf } from "../../systems/system.ts";
import { CLIENT_LIBRARIES, installClientLibrary } from "../../workloads/clients/client-library.ts";
import { systemOf } from "../../systems/registry.ts";

type HostKind = Host["kind"];
export type PlanNeed = Need | Comparator;

/** Fetches it and its client library, unless that was done before. */
async function comparatorMissing(name: Comparator, host: HostKind): Promise<string | undefined> {
  try {
    await installClientLibrary(CLIENT_LIBRARIES[name]);
    // Its image is made when a run first needs it, which takes a while and is said then.
    if (host === "docker") return undefined;
    await findComparator(name, { cacheFolder: cacheFolder(), say: () => undefined });
    return undefined;
  } catch (error) {
    if (error instanceof HostError) return error.message;
    throw error;
  }
}

const NEEDS = {
  shim: {
    what: "the fault shim",
    missing: async () => {
      const shim = await buildShim(cacheFolder());
      return "missing" in shim ? shim.missing : undefined;
    },
  },
  packets: {
    what: "faults of packets",
    missing: async (host) => (host === "docker" ? packetFilterMissing() : PACKETS_MISSING),
  },
  netem: { what: "netem", missing: netemMissing },
  etcd: { what: "etcd", missing: (host) => comparatorMissing("etcd", host) },
  zookeeper: { what: "ZooKeeper", missing: (host) => comparatorMissing("zookeeper", host) },
} as const satisfies Record<PlanNeed, { what: string; missing: (host: HostKind) => Promise<string | undefined> }>;

/**
 * What the plan's system and faults need.
 * @throws TypeError when it names a kind of fault that does not exist.
 */
export function needsOf(plan: Plan): readonly PlanNeed[] {
  const system = systemOf(plan.system);
  const { specs, linked } = system;
  const needs = new Set<PlanNeed>([...needsOfFaults(plan.faults), ...comparatorsOf(system)]);
  // It is the shim that leads a node's connection to the proxy of its link.
  if (specs.some((from) => specs.some((to) => from !== to && linked(from, to)))) needs.add("shim");
  return [...needs];
}

/**
 * Why the plan cannot be carried out on this kind of host, in one sentence; undefined where it can. Compiles the shim
 * and fetches comparators, unless that was done before.
 */
export async function whyImpossible(plan: Plan, host: HostKind): Promise<string | undefined> {
  for (const need of needsOf(plan)) {
    const { what, missing } = NEEDS[need];
    const why = await missing(host);
    if (why !== undefined) return `skipped, as it needs ${what}: ${why}`;
  }
  return undefined;
}
