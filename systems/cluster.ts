/**
 * A Redis Cluster, formed by redquake itself (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/):
 * slots are spread evenly over the first nodes, the others replicate them in turn.
 */
import { awaitCondition } from "../hosts/await-condition.ts";
import type { Node, NodeSpec } from "../hosts/host.ts";
import type { SystemPlan } from "../history/plan.ts";
import { numberOption, plannedConfig, REPLICATED } from "./config-lines.ts";
import { primariesAmong, replication } from "./replication.ts";
import { FORM_TIMEOUT_MS } from "./system.ts";
import type { System } from "./system.ts";

const SLOTS = 16_384;

export const CLUSTER_DEFAULTS = { primaries: 3, replicasEach: 1, nodeTimeoutMs: 1_500 };

export function cluster(options: SystemPlan["options"]): System {
  const primaries = numberOption(options, "primaries", CLUSTER_DEFAULTS.primaries);
  const replicasEach = numberOption(options, "replicasEach", CLUSTER_DEFAULTS.replicasEach);
  const nodeTimeoutMs = numberOption(options, "nodeTimeoutMs", CLUSTER_DEFAULTS.nodeTimeoutMs);
  const config = [
    ...REPLICATED,
    "cluster-enabled yes",
    "cluster-port {bus-port}",
    "cluster-config-file nodes.conf",
    `cluster-node-timeout ${nodeTimeoutMs}`,
    ...plannedConfig(options),
  ];
  const specs = Array.from({ length: primaries * (1 + replicasEach) }, (_, i): NodeSpec => ({
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
    async start(nodes) {
      await Promise.all(nodes.map((node) => node.start({ keepData: false })));
      const ids = await Promise.all(nodes.map(async (node) => String(await node.command("CLUSTER", "MYID"))));
      await Promise.all(
        nodes.map(async (node, i) => {
          // Different epochs from the start: otherwise the nodes settle a collision of epochs first, one after the other.
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
      await whole(nodes);
    },
    primaries: (nodes) => primariesAmong(nodes),
    settled: whole,
  };

  /** Every node says that the cluster is up, sees no node as failing, and every replica is linked. */
  async function whole(nodes: readonly Node[]): Promise<void> {
    const running = nodes.filter((node) => node.pid() !== undefined);
    await awaitCondition("the cluster to be whole", FORM_TIMEOUT_MS, async () => {
      const views = await Promise.all(
        running.map(async (node) => ({
          state: await clusterInfo(node, "cluster_state"),
          nodes: String(await node.command("CLUSTER", "NODES")),
          replication: await replication(node),
        })),
      );
      const up = views.every(
        (view) =>
          view.state === "ok" &&
          (running.length < nodes.length || !/\bfail\b|fail\?/.test(view.nodes)) &&
          (view.replication.role === "master" || view.replication.primary?.linked === true),
      );
      return up &&
        views.filter((view) => view.replication.role === "master").length === primaries &&
        agree(views.map((view) => view.nodes))
        ? true
        : undefined;
    });
  }
}

/** Whether all views of the cluster give every slot to the same node. */
function agree(views: readonly string[]): boolean {
  const owners = views.map((view) =>
    view
      .split("\n")
      .map((line) => line.split(" "))
      .filter((fields) => /master/.test(fields[2] ?? "") && fields.length > 8)
      .map((fields) => `${fields[0]} ${fields.slice(8).join(" ")}`)
      .sort()
      .join("; "),
  );
  return new Set(owners).size === 1;
}

async function clusterInfo(node: Node, field: string): Promise<string | undefined> {
  return new RegExp(`^${field}:(.*?)\\r?$`, "m").exec(String(await node.command("CLUSTER", "INFO")))?.[1];
}

/** First and last slot of the i-th of n primaries. */
function slotRange(i: number, n: number): [number, number] {
  return [Math.floor((i * SLOTS) / n), Math.floor(((i + 1) * SLOTS) / n) - 1];
}
