/** Consumers that die, refuse, or leave and come back. */
import { deliveryCampaign } from "./words/delivery-campaign.ts";

export const deliveryKilledConsumer = deliveryCampaign({
  name: "delivery-killed-consumer",
  title: "Consumers die between their work and its acknowledgement",
  description:
    "One consumer of three is killed when a handler has done its work and nobody was told, another one when it was just handed a message. What they had must be dealt with by the others: once more, where it was done.",
  suite: "standard",
  system: { kind: "single", options: {} },
  lanes: [
    { delivery: "stream-group", isGroup: true, breaks: ["no-duplicate"] },
    { delivery: "list-blmove", breaks: ["no-duplicate"] },
    { delivery: "list-brpop", breaks: ["no-loss"] },
    { delivery: "acknowledges-first", isGroup: true, breaks: ["no-loss"] },
    { delivery: "never-claims", isGroup: true, breaks: ["no-loss", "drained"] },
  ],
  consumers: 3,
  publisher: { everyMs: 10 },
  loadMs: 4_000,
  settleMs: 500,
  faults: (lane, random) => [
    {
      id: lane.fault("worked"),
      kind: "kill",
      options: { target: lane.consumers[0] ?? "" },
      start: { at: { worker: lane.consumers[0] ?? "", point: "worked", occurrence: random.integer(10, 20) } },
    },
    {
      id: lane.fault("delivered"),
      kind: "kill",
      options: { target: lane.consumers[1] ?? "" },
      start: { at: { worker: lane.consumers[1] ?? "", point: "delivered", occurrence: random.integer(20, 30) } },
    },
  ],
});

export const deliveryRefusals = deliveryCampaign({
  name: "delivery-refusals",
  title: "Handlers refuse messages",
  description:
    "Every tenth message is refused by its handler, once. What delivers at least once has to offer it again, and what holds it too long must not keep the others waiting.",
  suite: "nightly",
  system: { kind: "single", options: {} },
  lanes: [
    { delivery: "stream-group", isGroup: true },
    { delivery: "list-blmove" },
    { delivery: "delayed-zset" },
    { delivery: "swallows-refusals", isGroup: true, breaks: ["no-loss", "offered-again"] },
    { delivery: "loses-cursor", isGroup: true, breaks: ["no-loss", "drained", "offered-again"] },
  ],
  publisher: { everyMs: 10 },
  consumer: { refuseEvery: 10 },
  loadMs: 4_000,
  settleMs: 500,
});

export const deliveryLeavers = deliveryCampaign({
  name: "delivery-leavers",
  title: "Consumers leave in order, and come back by another name",
  description:
    "Every consumer stops in order after a while and comes back by another name, as in a rolling deployment, under a load that goes on. What it was handed it deals with before it leaves.",
  suite: "nightly",
  system: { kind: "single", options: {} },
  lanes: [{ delivery: "stream-group", isGroup: true }, { delivery: "list-blmove" }, { delivery: "delayed-zset" }],
  publisher: { everyMs: 8 },
  consumer: { stayMs: 700 },
  loadMs: 5_000,
  settleMs: 500,
});
