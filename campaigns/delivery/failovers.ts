/** Another server takes over: by an operator's command, after a crash, or for one slot of a Cluster. */
import type { DeclaredFault } from "../declare/declare.ts";
import type { DeliverySchedule } from "./words/delivery-campaign.ts";
import { deliveryCampaign } from "./words/delivery-campaign.ts";

/** A client asks sentinels, or nodes of a Cluster, before it connects again; a busy machine takes its time. */
const BOUND_MS = 8_000;

const FAILOVER = {
  suite: "nightly",
  loadMs: 20_000,
  settleMs: 500,
  publisher: { everyMs: 10 },
  claims: () => ({ recovery: { afterFault: "failover", boundMs: BOUND_MS } }),
} satisfies Partial<DeliverySchedule>;

export const deliveryPlannedFailover = deliveryCampaign({
  ...FAILOVER,
  name: "delivery-planned-failover",
  title: "An operator fails over under publishers and consumers",
  description:
    "A sentinel is told to fail over although nothing is wrong. The former primary becomes a replica, and passes on what is published to the new one; subscribers and consumers have to find that one. What a stream had acknowledged and not replicated is lost.",
  system: { kind: "sentinel", options: {} },
  lanes: [{ delivery: "subscribe" }, { delivery: "stream-group", isGroup: true, mayBreak: ["no-loss", "in-time"] }],
  sharedFaults: (random): readonly DeclaredFault[] => [
    {
      id: "failover",
      kind: "sentinel-failover",
      options: {},
      start: { afterMs: random.integer(2_500, 3_000) },
      end: { afterMs: 0 },
    },
  ],
});

export const deliveryCrashFailover = deliveryCampaign({
  ...FAILOVER,
  name: "delivery-crash-failover",
  title: "The primary crashes, and a replica takes over",
  description:
    "Replication stalls for a moment, then the primary is killed, and a replica is promoted that has not heard of the last messages. What was acknowledged in between is lost with its primary; everybody must send and get messages again.",
  system: { kind: "sentinel", options: {} },
  lanes: [{ delivery: "stream-group", isGroup: true, breaks: ["no-loss"], mayBreak: ["in-time"] }],
  consumer: { workMs: 60 },
  publisher: { everyMs: 20 },
  loadMs: 24_000,
  sharedFaults: (random): readonly DeclaredFault[] => [
    {
      id: "replication-stalls",
      kind: "link",
      options: { from: "primary", to: "replicas", how: "hold", direction: "forth" },
      start: { afterMs: random.integer(1_000, 1_500) },
      end: { on: { primary: "another" }, afterMs: 1_000 },
    },
    {
      id: "failover",
      kind: "kill",
      options: { target: "primary", keepData: false },
      start: { after: { fault: "replication-stalls", stage: "active" }, afterMs: random.integer(400, 600) },
      end: { on: { primary: "another" }, afterMs: 2_000 },
    },
  ],
});

export const deliverySlotMigration = deliveryCampaign({
  ...FAILOVER,
  name: "delivery-slot-migration",
  title: "The slot of a sharded channel moves",
  description:
    "The slot of a channel moves to another primary of the Cluster, which ends all sharded subscriptions to it. Subscribers hear of that, and have to subscribe at the new primary.",
  system: { kind: "cluster", options: {} },
  lanes: [{ delivery: "ssubscribe" }],
  loadMs: 17_000,
  faults: (lane, random): readonly DeclaredFault[] => [
    {
      id: lane.fault("failover"),
      kind: "slot-migration",
      options: { key: lane.channel },
      start: { afterMs: random.integer(3_000, 3_500) },
      end: { afterMs: 300 },
    },
  ],
});

export const deliveryShardFailover = deliveryCampaign({
  ...FAILOVER,
  name: "delivery-shard-failover",
  title: "A replica takes over the shard of a channel",
  description:
    "Replicas take over from all primaries of a Cluster, one after the other. Subscribers of a sharded channel have to subscribe at the new primary of its slot.",
  system: { kind: "cluster", options: {} },
  lanes: [{ delivery: "ssubscribe" }],
  sharedFaults: (random): readonly DeclaredFault[] =>
    ["n4", "n5", "n6"].map((target, i) => ({
      id: i === 2 ? "failover" : `failover-${i + 1}`,
      kind: "cluster-failover" as const,
      options: { target },
      start: { afterMs: 3_000 + 1_500 * i + random.integer(0, 300) },
      end: { afterMs: 0 },
    })),
});
