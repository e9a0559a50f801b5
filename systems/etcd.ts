/**
 * etcd, to compare: one member, or a cluster of several that agree by Raft
 * (https://etcd.io/docs/v3.4/op-guide/clustering/). Clients may ask any of them.
 */
import type { Node, NodeSpec } from "../hosts/host.ts";
import type { SystemPlan } from "../history/plan.ts";
import { z } from "zod";
import { CONFIG, count, systemOptions } from "./config-lines.ts";
import { cannotElectOfTwo } from "./election.ts";
import type { System } from "./system.ts";
import { awaitWhole, runningAmong } from "./unsettled.ts";

/** In milliseconds; an election takes a little more than `electionMs`. */
const ETCD_DEFAULTS = { nodes: 1, heartbeatMs: 100, electionMs: 1_000 };

const ANSWER_MS = 2_000;

export const ETCD_OPTIONS = z.strictObject({
  nodes: count.default(ETCD_DEFAULTS.nodes).describe("how many members there are"),
  heartbeatMs: count.default(ETCD_DEFAULTS.heartbeatMs).describe("`heartbeat-interval`, in milliseconds"),
  electionMs: count.default(ETCD_DEFAULTS.electionMs).describe("`election-timeout`, in milliseconds"),
  ...CONFIG,
});

export function etcd(options: SystemPlan["options"]): System {
  const { nodes: members, heartbeatMs, electionMs, ...own } = systemOptions("etcd", ETCD_OPTIONS, options);
  const names = Array.from({ length: members }, (_, i) => `n${i + 1}`);
  const config = [
    `initial-cluster: ${names.map((name) => `${name}=http://{host:${name}}:{bus-port:${name}}`).join(",")}`,
    `heartbeat-interval: ${heartbeatMs}`,
    `election-timeout: ${electionMs}`,
    ...own.config,
  ];
  return {
    kind: "etcd",
    specs: names.map((name): NodeSpec => ({ name, kind: "etcd", config, bus: true, faulty: true })),
    linked: () => false,
    ...(members === 1 ? {} : { unlinked: UNLINKED }),
    async start(nodes) {
      await Promise.all(nodes.map((node) => node.start({ keepData: false })));
      await oneLeader(nodes);
    },
    primaries: leadersAmong,
    settled: oneLeader,
    ...cannotElectOfTwo(members),
  };
}

const UNLINKED =
  "all members of etcd know each of them by one and the same address, and the fault shim cannot lead a Go program's connections elsewhere; pause or kill a member instead, or in Docker drop its packets";

/** The members that answer and take themselves for the leader. */
async function leadersAmong(nodes: readonly Node[]): Promise<string[]> {
  const asked = await Promise.allSettled(nodes.map(askStatus));
  return nodes.flatMap((node, i) => {
    const status = asked[i];
    return status?.status === "fulfilled" && status.value.leader === status.value.member ? [node.name] : [];
  });
}

/** All running members name the same leader, and one of them is it. */
async function oneLeader(nodes: readonly Node[]): Promise<void> {
  const isWhole = async (): Promise<boolean> => {
    const states = await Promise.all((await runningAmong(nodes)).map(askStatus));
    const leaders = new Set(states.map(({ leader }) => leader));
    return leaders.size === 1 && states.some(({ leader, member }) => leader === member);
  };
  await awaitWhole("all members of etcd to name one leader", nodes, isWhole, async (node) => {
    const { leader, member } = await askStatus(node);
    return leader === member ? "calls itself leader" : `names ${leader ?? "nobody"} as leader`;
  });
}

interface Status {
  /** Its own id. */
  readonly member: string;
  /** The id of the one that it takes for the leader; `0` or nothing when there is none. */
  readonly leader: string | undefined;
}

/** By the gateway to the RPC Maintenance.Status. @throws Error when the member does not answer. */
async function askStatus({ name, address }: Node): Promise<Status> {
  const response = await fetch(`http://${address.host}:${address.port}/v3/maintenance/status`, {
    method: "POST",
    body: "{}",
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!response.ok) throw new Error(`${name} answered a question for its status with ${response.status}`);
  const status = (await response.json()) as { header: { member_id: string }; leader?: string };
  return { member: status.header.member_id, leader: status.leader };
}
