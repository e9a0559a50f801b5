/** What a node's data directory offers to faults, wherever the node runs: its files are on this machine. */
import type { DataFolder } from "./data-folder.ts";
import { HostError } from "./host-error.ts";
import type { Cut, Node, NodeDisk } from "./host.ts";
import type { ShimControl } from "./shim-control.ts";

export function diskOf(node: Pick<Node, "name" | "pid">, data: DataFolder): NodeDisk {
  return {
    files: () => Promise.resolve(data.files()),
    cut: async (file, length) => {
      if (node.pid() !== undefined) throw new HostError(`cannot cut ${file} of ${node.name}: it is running`);
      return Promise.resolve(data.cut(file, length));
    },
  };
}

/** See `Node.losePower`. */
export async function losePower(
  node: Pick<Node, "name" | "kill">,
  data: DataFolder,
  shim: ShimControl | undefined,
): Promise<readonly Cut[]> {
  if (shim === undefined) {
    throw new HostError(
      `${node.name} cannot lose power: without the fault shim nobody knows what it has forced to disk`,
    );
  }
  await node.kill();
  return data.dropUnsynced(shim);
}
