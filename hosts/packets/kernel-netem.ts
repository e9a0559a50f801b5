/**
 * Delays, reorders and duplicates what a node sends, by the kernel's netem (tc-netem(8)) on the network device of its
 * container.
 */
import { whyNot } from "./network-namespace.ts";
import type { NetworkNamespace } from "./network-namespace.ts";
import type { Disturbance, Netem } from "../packets.ts";

/** How container engines name the device of a container's first network. */
const DEVICE = "eth0";
/** Hexadecimal; tells our queue from others. */
const HANDLE = "5ed0:";
/** netem loses what does not fit; its own default of 1000 packets would add losses that nobody has planned. */
const LIMIT = 100_000;

/** Why there is no netem on this machine, or undefined where there is. */
export async function netemMissing(): Promise<string | undefined> {
  return whyNot("tc", ["qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms"]);
}

/** @param namespace of the node's present process; @throws HostError while it is down. */
export function kernelNetem(namespace: () => NetworkNamespace): Netem {
  return {
    disturb: async (disturbance) => {
      const its = namespace();
      const queue = ["qdisc", "add", "dev", DEVICE, "root", "handle", HANDLE, "netem", "limit", String(LIMIT)];
      await its.run("tc", [...queue, ...figures(disturbance)]);
      return {
        remove: async () => {
          try {
            if (!(await isThere(its))) return "gone";
            await its.run("tc", ["qdisc", "del", "dev", DEVICE, "root", "handle", HANDLE]);
            return "removed";
          } catch (error) {
            if (its.exists()) throw error;
            return "gone";
          }
        },
      };
    },
    isDisturbed: () => isThere(namespace()),
  };
}

async function isThere(namespace: NetworkNamespace): Promise<boolean> {
  return (await namespace.run("tc", ["qdisc", "show", "dev", DEVICE])).includes(`qdisc netem ${HANDLE}`);
}

function figures(disturbance: Disturbance): string[] {
  switch (disturbance.kind) {
    case "delay":
      return ["delay", `${disturbance.delayMs}ms`, `${disturbance.jitterMs}ms`];
    case "reorder":
      return ["delay", `${disturbance.delayMs}ms`, "reorder", percent(disturbance.probability)];
    case "duplicate":
      return ["duplicate", percent(disturbance.probability)];
  }
}

function percent(share: number): string {
  return `${share * 100}%`;
}
