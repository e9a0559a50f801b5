/** What the faults of administration need to know of the topology under test; the runner takes it from the system. */
import type { SystemPlan } from "../history/plan.ts";
import type { Node } from "../hosts/host.ts";

export interface Topology {
  readonly kind: SystemPlan["kind"];
  /**
   * Resolves when the system is whole: one primary (for each slot), its replicas linked to it, everybody of the same
   * mind.
   * @throws HostError in the end.
   */
  settled(): Promise<void>;
  /**
   * Why nothing can be done to the connections between the nodes, although there are some; absent where each has its
   * link, or there are none.
   */
  readonly unlinked?: string;
  /** The name under which sentinels know the primary; absent where there are none. */
  readonly sentinelGroup?: string;
  /** How one of the nodes sees its Cluster; absent where there is none. */
  readonly clusterView?: (observer: Node) => Promise<ClusterView>;
}

/** Everybody whom a node knows, itself included. */
export type ClusterView = readonly Member[];

export interface Member {
  readonly id: string;
  /** The node's name, or undefined for an address that is no node of this run. */
  readonly name: string | undefined;
  /** In Redis's words: `myself`, `master`, `slave`, `fail`, `handshake` … */
  readonly flags: readonly string[];
  /** For a replica: the id of its primary. */
  readonly primary: string | undefined;
  /** The slots that it owns, as ranges [first, last]. */
  readonly slots: readonly (readonly [number, number])[];
  /** Slots on their way to another node, by its id; known of the observer itself only, as of `importing`. */
  readonly migrating: ReadonlyMap<number, string>;
  readonly importing: ReadonlyMap<number, string>;
}
