/** Which node of a Cluster serves a key, as the nodes themselves see it (`CLUSTER KEYSLOT`, `CLUSTER SLOTS`). */
import type { Node } from "../../hosts/host.ts";
import { NoTargetError } from "../fault.ts";

/** `[first, last, [address, port, …], …replicas]`. */
type SlotRange = readonly [number, number, readonly [string, number]];

/**
 * The primary of the key's slot. While nodes disagree, the one that says so of itself counts, the first of several.
 * @throws TypeError when the nodes are no Cluster, NoTargetError when no node that answers says that it serves the
 * slot.
 */
export async function slotOwner(nodes: readonly Node[], key: string): Promise<string> {
  const views = await Promise.allSettled(nodes.map((node) => servesKey(node, key)));
  const owner = nodes.find((_, i) => {
    const view = views[i];
    return view?.status === "fulfilled" && view.value;
  });
  if (owner !== undefined) return owner.name;
  const refusal = views.find(
    (view) => view.status === "rejected" && /cluster support disabled/.test(String(view.reason)),
  );
  if (refusal !== undefined)
    throw new TypeError(`the plan names the owner of ${JSON.stringify(key)}, and the nodes of this run are no Cluster`);
  throw new NoTargetError(`no node says that it serves the slot of ${JSON.stringify(key)}`);
}

async function servesKey(node: Node, key: string): Promise<boolean> {
  const slot = Number(await node.command("CLUSTER", "KEYSLOT", key));
  const ranges = (await node.command("CLUSTER", "SLOTS")) as readonly SlotRange[];
  const range = ranges.find(([first, last]) => first <= slot && slot <= last);
  if (range === undefined) return false;
  const [host, port] = range[2];
  return host === node.address.host && port === node.address.port;
}
