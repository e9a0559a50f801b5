/** Whether a plan can be carried out where it is to run, found out before anything is started. */
import type { Plan } from "../history/plan.ts";
import { cacheFolder } from "../hosts/cache-folder.ts";
import type { Host } from "../hosts/host.ts";
import { netemMissing } from "../hosts/kernel-netem.ts";
import { packetFilterMissing } from "../hosts/packet-filter.ts";
import { PACKETS_MISSING } from "../hosts/process-node.ts";
import { buildShim } from "../hosts/shim-build.ts";
import type { Need } from "../nemesis/fault.ts";
import { needsOfFaults } from "../nemesis/needs.ts";
import { systemOf } from "../systems/registry.ts";

type HostKind = Host["kind"];

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
} as const satisfies Record<Need, { what: string; missing: (host: HostKind) => Promise<string | undefined> }>;

/**
 * What the plan's system and faults need.
 * @throws TypeError when it names a kind of fault that does not exist.
 */
export function needsOf(plan: Plan): readonly Need[] {
  const { specs, linked } = systemOf(plan.system);
  const needs = needsOfFaults(plan.faults);
  // It is the shim that leads a node's connection to the proxy of its link.
  if (specs.some((from) => specs.some((to) => from !== to && linked(from, to)))) needs.add("shim");
  return [...needs];
}

/** Why the plan cannot be carried out on this kind of host, in one sentence; undefined where it can. Compiles the shim, unless that was done before. */
export async function whyImpossible(plan: Plan, host: HostKind): Promise<string | undefined> {
  for (const need of needsOf(plan)) {
    const { what, missing } = NEEDS[need];
    const why = await missing(host);
    if (why !== undefined) return `skipped, as it needs ${what}: ${why}`;
  }
  return undefined;
}
