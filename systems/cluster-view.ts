/** How one node sees its Cluster (`CLUSTER NODES`, https://redis.io/docs/latest/commands/cluster-nodes/). */
import type { Node } from "../hosts/host.ts";

export interface ClusterMember {
  readonly id: string;
  /** The node's name, or undefined for an address that is no node of this run. */
  readonly name: string | undefined;
  /** `myself`, `master`, `slave`, `fail`, `fail?`, `handshake` … */
  readonly flags: readonly string[];
  /** For a replica: the id of its primary. */
  readonly primary: string | undefined;
  /** The slots that it owns, as ranges [first, last]. */
  readonly slots: readonly (readonly [number, number])[];
  /** Slots that are on their way to another node, by its id. A node tells it of itself only, as of `importing`. */
  readonly migrating: ReadonlyMap<number, string>;
  /** Slots that are on their way from another node, by its id. */
  readonly importing: ReadonlyMap<number, string>;
}

/** Where the fields end that every line has; slots follow. */
const FIXED_FIELDS = 8;

/** Everybody whom `observer` knows, itself included. Nodes are told by their ports, which are unique in a run. */
export async function clusterView(observer: Node, nodes: readonly Node[]): Promise<readonly ClusterMember[]> {
  const text = String(await observer.command("CLUSTER", "NODES"));
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const fields = line.trim().split(" ");
      const [id = "", address = "", flagList = "", primary = "-"] = fields;
      const flags = flagList.split(",");
      const port = Number(/:(\d+)@/.exec(address)?.[1]);
      const node = flags.includes("myself") ? observer : nodes.find((each) => each.address.port === port);
      const assigned = fields.slice(FIXED_FIELDS);
      return {
        id,
        name: node?.name,
        flags,
        primary: primary === "-" ? undefined : primary,
        slots: assigned.filter((each) => !each.startsWith("[")).map(slotRange),
        migrating: openSlots(assigned, "->-"),
        importing: openSlots(assigned, "-<-"),
      };
    });
}

function slotRange(text: string): [number, number] {
  const [first, last] = text.split("-").map(Number);
  return [first ?? NaN, last ?? first ?? NaN];
}

/** `[77->-id]` while it leaves, `[77-<-id]` while it arrives. */
function openSlots(assigned: readonly string[], arrow: "->-" | "-<-"): Map<number, string> {
  return new Map(
    assigned
      .filter((each) => each.startsWith("[") && each.includes(arrow))
      .map((each): [number, string] => {
        const [slot, id] = each.slice(1, -1).split(arrow);
        return [Number(slot), id ?? ""];
      }),
  );
}
