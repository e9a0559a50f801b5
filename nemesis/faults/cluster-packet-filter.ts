/**
 * DEBUG DROP-CLUSTER-PACKET-FILTER: a Cluster node throws away what comes over the bus and is of one type (`packet`),
 * while everything else passes and connections stay. It has acted when the node has said in its log that it dropped
 * one; for that the fault waits for `withinMs` (5000), as the rarer types come only when something else happens, which
 * another fault of the plan must then bring about. Nobody is held for failing while other packets come from there.
 * `all` is known to Valkey only: Redis drops nothing then. (`enable-debug-command`; types:
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/, `cluster_legacy.h`)
 */
import { z } from "zod";
import { names, number, text } from "../fault-options.ts";
import type { Node } from "../../hosts/host.ts";
import type { FaultKind } from "../fault.ts";
import { occurred } from "../probes/occurred.ts";
import { infoNumber } from "../probes/reply.ts";
import { choiceOption, durationOption, resolveNode } from "../targets.ts";

/** The numbers of the bus protocol. */
const PACKETS = {
  ping: 0,
  pong: 1,
  meet: 2,
  fail: 3,
  publish: 4,
  "failover-auth-request": 5,
  "failover-auth-ack": 6,
  update: 7,
  mfstart: 8,
  module: 9,
  publishshard: 10,
  all: -2,
} as const;
type Packet = keyof typeof PACKETS;
const NOTHING = -1;

/** Every node is asked every few seconds by every other, more often when it was silent. */
const WITHIN_MS = 5_000;
const TRAFFIC_TIMEOUT_MS = 10_000;

export const clusterPacketFilter = {
  kind: "cluster-packet-filter",
  options: z.strictObject({ target: names, packet: text.optional(), withinMs: number.optional() }),
  async prepare(context, options) {
    const node = await resolveNode(context, options, "target");
    if (node.busAddress === undefined)
      throw new TypeError(`packets of the cluster bus can be dropped by nodes of a Cluster only, not by ${node.name}`);
    const packet = choiceOption(options, "packet", Object.keys(PACKETS) as Packet[], "ping");
    const withinMs = durationOption(options, "withinMs", 0, WITHIN_MS);
    /** How many it had ever dropped when this fault began, and when it ended. */
    let before: number | undefined;
    let after = 0;
    return {
      target: [node.name],
      title: `${node.name} drops ${packet} of the cluster bus`,
      detail: { packet },
      inject: async () => {
        const known = droppedBy(node);
        await node.command("DEBUG", "DROP-CLUSTER-PACKET-FILTER", PACKETS[packet]);
        before = known;
        await occurred(`${node.name} to drop a packet`, withinMs, () => droppedBy(node) > known);
      },
      probe: () => {
        if (before === undefined)
          return Promise.resolve({ ok: false, saw: `${node.name} was not told to drop anything` });
        const dropped = droppedBy(node) - before;
        return Promise.resolve({
          ok: dropped > 0,
          saw: `${node.name} says in its log that it dropped ${dropped} packets since it was told to drop ${packet}`,
        });
      },
      heal: async () => {
        before = undefined;
        // A server that was killed meanwhile drops nothing when it starts again.
        if ((await node.state()) !== "dead") {
          await node.command("DEBUG", "DROP-CLUSTER-PACKET-FILTER", NOTHING);
          // A node asks nobody again who owes it a pong, as long as other packets come from there: a dropped one would
          // be awaited for ever.
          for (const id of await owing(node)) await node.command("DEBUG", "CLUSTERLINK", "KILL", "TO", id);
        }
        after = droppedBy(node);
      },
      probeHealed: async () => {
        const known = await received(node);
        const passed = await occurred(
          `traffic on the bus of ${node.name}`,
          TRAFFIC_TIMEOUT_MS,
          async () => (await received(node)) > known && (await owing(node)).length === 0,
        );
        const dropped = droppedBy(node) - after;
        return {
          ok: passed && dropped === 0,
          saw: `${node.name} received ${(await received(node)) - known} packets of the cluster bus and dropped ${dropped}; ${passed ? "none" : "some"} of its peers owe it a pong`,
        };
      },
    };
  },
} satisfies FaultKind;

/** The line is the same in Redis 7.0 and 8.0; Valkey names the type in it. */
function droppedBy(node: Node): number {
  return node.logTail(Number.MAX_SAFE_INTEGER).match(/Dropping packet .*debug drop filter/g)?.length ?? 0;
}

/** The peers that it is connected to, and that it has asked without an answer so far. */
async function owing(node: Node): Promise<string[]> {
  return String(await node.command("CLUSTER", "NODES"))
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , flags, , asked, , , link]) => !flags?.includes("myself") && asked !== "0" && link === "connected")
    .map(([id]) => id ?? "");
}

async function received(node: Node): Promise<number> {
  return infoNumber(String(await node.command("CLUSTER", "INFO")), "cluster_stats_messages_received");
}
