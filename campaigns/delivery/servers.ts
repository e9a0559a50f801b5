/** The server is killed under publishers and consumers, loses power, or has its clock put back. */
import type { Random } from "../../history/random.ts";
import { DURABLE } from "../declare/durable.ts";
import type { DeclaredFault } from "../declare/declare.ts";
import type { DeliverySchedule } from "./words/delivery-campaign.ts";
import { deliveryCampaign } from "./words/delivery-campaign.ts";

/** ioredis waits for two seconds at most before it connects again, and a busy machine takes its time. */
const BOUND_MS = 5_000;

/** What breaks of those that get nothing any more. */
const SILENT = ["no-loss", "recovers"];
const GROUPLESS = ["no-loss", "recovers", "in-time"];

const STRUCK = {
  suite: "nightly",
  loadMs: 12_000,
  settleMs: 500,
  publisher: { everyMs: 8 },
} satisfies Partial<DeliverySchedule>;

const afterwards = (afterFault: string) => () => ({ recovery: { afterFault, boundMs: BOUND_MS } });

function killed(keepData: boolean) {
  return (random: Random): readonly DeclaredFault[] => [
    {
      id: "crash",
      kind: "kill",
      options: { target: "n1", keepData },
      start: { afterMs: random.integer(800, 1_200) },
      end: { afterMs: random.integer(200, 500) },
    },
  ];
}

export const deliveryServerRestart = deliveryCampaign({
  ...STRUCK,
  name: "delivery-server-restart",
  title: "The server is killed, and comes back with its data",
  description:
    "The server is killed and started again with all that it had acknowledged. Every consumer must get messages again, and a queue must have lost nothing.",
  suite: "standard",
  system: { kind: "single", options: { config: DURABLE } },
  lanes: [
    { delivery: "subscribe" },
    { delivery: "psubscribe" },
    { delivery: "never-resubscribes", breaks: SILENT, judged: SILENT },
    { delivery: "stream-group", isGroup: true },
    { delivery: "list-blmove" },
    { delivery: "delayed-zset" },
  ],
  sharedFaults: killed(true),
  claims: afterwards("crash"),
});

export const deliveryGroupGone = deliveryCampaign({
  ...STRUCK,
  name: "delivery-group-gone",
  title: "The server comes back without its data, and without the group",
  description:
    "The server is killed and comes back empty: its stream is gone, and the group with it, so every read is refused with NOGROUP. What had been sent is lost; a consumer must make the group again, or it never gets anything.",
  system: { kind: "single", options: {} },
  lanes: [
    { delivery: "stream-group", isGroup: true, mayBreak: ["no-loss", "in-time"] },
    { delivery: "never-makes-group-again", breaks: GROUPLESS, judged: GROUPLESS },
  ],
  sharedFaults: killed(false),
  claims: afterwards("crash"),
});

const powerLoss = (fsync: "always" | "everysec" | "no", mayBreak: readonly string[]) => ({
  suite: "nightly" as const,
  description: `The server loses power while consumers are behind, and comes back with what it had forced to disk by the rule "appendfsync ${fsync}".`,
  system: { kind: "single" as const, options: { config: ["appendonly yes", `appendfsync ${fsync}`] } },
  lanes: [
    { delivery: "stream-group", isGroup: true, mayBreak },
    { delivery: "list-blmove", mayBreak },
  ] as const,
  // There is always something that was sent and not dealt with.
  publisher: { everyMs: 20 },
  consumer: { workMs: 60 },
  loadMs: 5_000,
  settleMs: 500,
  sharedFaults: (random: Random): readonly DeclaredFault[] => [
    {
      id: "power-loss",
      kind: "power-loss",
      options: { target: "n1" },
      start: { afterMs: random.integer(1_500, 2_500) },
      end: { afterMs: 200 },
    },
  ],
});

export const deliveryPowerLossSynced = deliveryCampaign({
  ...powerLoss("always", []),
  name: "delivery-power-loss-synced",
  title: "A server that syncs every write loses power",
});

export const deliveryPowerLossEverySecond = deliveryCampaign({
  ...powerLoss("everysec", ["no-loss"]),
  name: "delivery-power-loss-every-second",
  title: "A server that syncs every second loses power",
});

export const deliveryPowerLossUnsynced = deliveryCampaign({
  ...powerLoss("no", ["no-loss"]),
  name: "delivery-power-loss-unsynced",
  title: "A server that never syncs loses power",
});

export const deliveryClockBack = deliveryCampaign({
  ...STRUCK,
  name: "delivery-clock-back",
  title: "The server's clock is put back",
  description:
    "The wall clock of the server is put back by ten minutes until the load ends. The ids of a stream go on rising all the same, so nothing is lost or doubled; delayed work that was due by the old clock waits until the clock is right again.",
  system: { kind: "single", options: {} },
  lanes: [{ delivery: "stream-group", isGroup: true }, { delivery: "list-blmove" }, { delivery: "delayed-zset" }],
  publisher: { everyMs: 8, maxDelayMs: 500 },
  loadMs: 6_000,
  sharedFaults: (random) => [
    {
      id: "back",
      kind: "clock-jump",
      options: { target: "n1", offsetMs: -600_000 },
      start: { afterMs: random.integer(1_500, 2_500) },
    },
  ],
  // What is due by the old clock is late for as long as the fault lasts.
  claims: () => ({ delays: false }),
});
