/**
 * A Redis Cluster, formed by redquake itself
 * (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/): slots are spread evenly over the first
 * nodes, the next ones replicate them in turn, and spares run beside it until a fault adds them.
 */
import { awaitCondition } from "../machine/await-condition.ts";
import type { Node, NodeSpec } from "../hosts/host.ts";
import type { SystemPlan } from "../history/plan.ts";
import { clusterView } from "./cluster-view.ts";
import type { ClusterMember } from "./cluster-view.ts";
import { z } from "zod";
import { CONFIG, count, REPLICATED, systemOptions } from "./config-lines.ts";
import { primariesAmong, replication } from "./replication.ts";
import type { System } from "./system.ts";
import { awaitWhole, FORM_TIMEOUT_MS, runningAmong } from "./unsettled.ts";

const SLOTS = 16_384;
/** A replica is elected by the majority of all primaries, the one that is gone included. */
const LEAST_PRIMARIES = 3;
/** So many characters tell the ids of nodes apart. */
const SHORT_ID = 8;

export const CLUSTER_DEFAULTS = { primaries: 3, replicasEach: 1, spares: 0, nodeTimeoutMs: 1_500 };

export const CLUSTER_OPTIONS = z.strictObject({
  primaries: count.default(CLUSTER_DEFAULTS.primaries).describe("how many primaries share the slots"),
  replicasEach: count.default(CLUSTER_DEFAULTS.replicasEach).describe("how many replicas each primary has"),
  spares: count
    .default(CLUSTER_DEFAULTS.spares)
    .describe("how many nodes run beside the Cluster until a fault adds them"),
  nodeTimeoutMs: count.default(CLUSTER_DEFAULTS.nodeTimeoutMs).describe("`cluster-node-timeout`, in milliseconds"),
  ...CONFIG,
});

export function cluster(options: SystemPlan["options"]): System {
  const { primaries, replicasEach, spares, nodeTimeoutMs, ...own } = systemOptions("cluster", CLUSTER_OPTIONS, options);
  const planned = primaries * (1 + replicasEach);
  const config = [
    ...REPLICATED,
    "cluster-enabled yes",
    "cluster-port {bus-port}",
    "cluster-config-file nodes.conf",
    `cluster-node-timeout ${nodeTimeoutMs}`,
    ...own.config,
  ];
  const specs = Array.from({ length: planned + spares }, (_, i): NodeSpec => ({
    name: `n${i + 1}`,
    kind: "redis",
    config,
    bus: true,
    faulty: true,
  }));

  return {
    kind: "cluster",
    specs,
    linked: () => true,
    async start(all) {
      await Promise.all(all.map((node) => node.start({ keepData: false })));
      const nodes = all.slice(0, planned);
      const ids = await Promise.all(nodes.map(async (node) => String(await node.command("CLUSTER", "MYID"))));
      await Promise.all(
        nodes.map(async (node, i) => {
          // Different epochs from the start: otherwise the nodes settle a collision of epochs first, one after the
          // other.
          await node.command("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
          if (i < primaries) await node.command("CLUSTER", "ADDSLOTSRANGE", ...slotRange(i, primaries));
        }),
      );
      await Promise.all(
        nodes.flatMap((node, i) =>
          nodes
            .slice(i + 1)
            .map((other) =>
              node.command("CLUSTER", "MEET", other.address.host, other.address.port, other.busAddress?.port ?? 0),
            ),
        ),
      );
      await awaitCondition("all nodes to know each other", FORM_TIMEOUT_MS, async () => {
        const known = await Promise.all(nodes.map((node) => clusterInfo(node, "cluster_known_nodes")));
        const handshakes = await Promise.all(
          nodes.map(async (node) => /handshake/.test(String(await node.command("CLUSTER", "NODES")))),
        );
        return known.every((count) => count === String(nodes.length)) && !handshakes.includes(true) ? true : undefined;
      });
      await Promise.all(
        nodes.slice(primaries).map((node, i) => node.command("CLUSTER", "REPLICATE", ids[i % primaries] ?? "")),
      );
      await whole(all);
    },
    primaries: (nodes) => primariesAmong(nodes),
    settled: whole,
    clusterView,
    ...cannotElect(primaries, replicasEach),
  };

  /**
   * Every member says that the cluster is up and sees none as failing, all see the same roles and owners of slots,
   * every owner is among them, and every replica is linked. A node that has come back empty knows nobody, and is a
   * member no more.
   */
  async function whole(nodes: readonly Node[]): Promise<void> {
    const isWhole = async (): Promise<boolean> => {
      const expected = await members(nodes);
      const running = await runningAmong(expected);
      const isComplete =
        running.length === expected.length && nodes.slice(0, planned).every((node) => running.includes(node));
      const views = await Promise.all(
        running.map(async (node) => ({
          state: await clusterInfo(node, "cluster_state"),
          seen: await clusterView(node, nodes),
          replication: await replication(node),
          spare: nodes.indexOf(node) >= planned,
        })),
      );
      const up = views.every(
        ({ state, seen }) => state === "ok" && !seen.some(isOpen) && (!isComplete || !seen.some(isFailing)),
      );
      const placed = views.every(
        ({ seen, replication: { role, primary }, spare }) =>
          // A primary without slots is one that has not yet learned what it is, unless it came as a spare.
          (role === "master" && (spare || ownsSlots(seen))) || primary?.linked === true,
      );
      const seen = views.map((view) => view.seen);
      return views.length > 0 && up && placed && ownersAnswer(seen) && agree(seen);
    };
    await awaitWhole("the cluster to be whole", nodes, isWhole, async (node) => {
      const [state, seen] = [await clusterInfo(node, "cluster_state"), await clusterView(node, nodes)];
      const failing = seen
        .filter(isFailing)
        .map(({ name, id }) => name ?? `a node that is gone (${id.slice(0, SHORT_ID)})`);
      const alone = seen.length === 1 ? " and knows nobody else" : "";
      return `says cluster_state:${state}${alone}${failing.length === 0 ? "" : ` and sees ${failing.join(", ")} as failing`}`;
    });
  }

  /**
   * All nodes that know somebody else. A spare that does not answer has not been taken in; any other node that does not
   * answer is one all the same.
   */
  async function members(nodes: readonly Node[]): Promise<Node[]> {
    const running = await runningAmong(nodes);
    const alone = await Promise.allSettled(running.map(async (node) => (await clusterView(node, nodes)).length === 1));
    return nodes.filter((node, i) => {
      const asked = alone[running.indexOf(node)];
      return asked?.status === "fulfilled" ? !asked.value : i < planned;
    });
  }
}

function cannotElect(primaries: number, replicasEach: number): Pick<System, "cannotElect"> {
  if (replicasEach === 0)
    return { cannotElect: { because: "no primary of the Cluster has a replica", remedy: "give it replicasEach: 1" } };
  if (primaries >= LEAST_PRIMARIES) return {};
  return {
    cannotElect: {
      because: `a Cluster of ${primaries} ${primaries === 1 ? "primary" : "primaries"} has no majority of them left when one is gone`,
      remedy: `give it primaries: ${LEAST_PRIMARIES}`,
    },
  };
}

/** Whether all who own slots are among those whose views these are. */
function ownersAnswer(views: readonly (readonly ClusterMember[])[]): boolean {
  const answering = new Set(
    views.flatMap((view) => view.filter(({ flags }) => flags.includes("myself")).map(({ id }) => id)),
  );
  return views.every((view) => view.every(({ id, slots }) => slots.length === 0 || answering.has(id)));
}

function isFailing({ flags }: ClusterMember): boolean {
  return flags.includes("fail") || flags.includes("fail?");
}

/** Between two nodes. */
function isOpen({ migrating, importing }: ClusterMember): boolean {
  return migrating.size > 0 || importing.size > 0;
}

/** Whether the node whose view it is owns slots. */
function ownsSlots(view: readonly ClusterMember[]): boolean {
  return view.some(({ flags, slots }) => flags.includes("myself") && slots.length > 0);
}

/** Whether all views of the cluster have the same members, in the same roles, and give every slot to the same one. */
function agree(views: readonly (readonly ClusterMember[])[]): boolean {
  const pictures = views.map((view) =>
    view
      .map(({ id, primary, slots }) => `${id} ${primary} ${slots.map((range) => range.join("-")).join(" ")}`)
      .sort()
      .join("; "),
  );
  return new Set(pictures).size === 1;
}

async function clusterInfo(node: Node, field: string): Promise<string | undefined> {
  return new RegExp(`^${field}:(.*?)\\r?$`, "m").exec(String(await node.command("CLUSTER", "INFO")))?.[1];
}

/** First and last slot of the i-th of n primaries. */
function slotRange(i: number, n: number): [number, number] {
  return [Math.floor((i * SLOTS) / n), Math.floor(((i + 1) * SLOTS) / n) - 1];
}
