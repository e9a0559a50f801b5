/** A topology: which nodes it has, how they become one system, and who is primary. */
import type { SystemPlan } from "../history/plan.ts";
import type { Comparator, Node, NodeSpec } from "../hosts/host.ts";
import type { ClusterMember } from "./cluster-view.ts";

export interface System {
  readonly kind: SystemPlan["kind"];
  /** The nodes under test, in order. */
  readonly specs: readonly NodeSpec[];
  /** Whether a node ever connects to another, which then needs a link. */
  linked(from: NodeSpec, to: NodeSpec): boolean;
  /** Why the connections between the nodes have no links, although there are such connections. */
  readonly unlinked?: string;
  /** Starts the nodes and makes them one system; resolves when clients can use it. */
  start(nodes: readonly Node[]): Promise<void>;
  /**
   * Names of the nodes that say of themselves that they are primaries, in the order of the nodes; those that do not
   * answer are left out.
   */
  primaries(nodes: readonly Node[]): Promise<string[]>;
  /**
   * Resolves when the system is whole again after everything has healed: one primary (for each slot), its replicas
   * linked to it.
   * @throws UnsettledError with what the nodes say, when that does not come in time.
   */
  settled(nodes: readonly Node[]): Promise<void>;
  /**
   * Why nobody would be elected in the place of a primary (or leader) that is gone, in a clause, and what to do; absent
   * where somebody would.
   */
  readonly cannotElect?: { readonly because: string; readonly remedy: string };
  /** The name under which sentinels know the primary; absent where there are none. */
  readonly sentinelGroup?: string;
  /** How one of the nodes sees its Cluster; absent where there is none. */
  readonly clusterView?: (observer: Node, nodes: readonly Node[]) => Promise<readonly ClusterMember[]>;
}

/** What its nodes run that is not Redis. */
export function comparatorsOf({ specs }: Pick<System, "specs">): Comparator[] {
  const kinds = new Set(specs.map(({ kind }) => kind));
  return COMPARATORS.filter((each) => kinds.has(each));
}

const COMPARATORS: readonly Comparator[] = ["etcd", "zookeeper"];
