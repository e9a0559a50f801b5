/** Deliveries that nothing disturbs: whatever breaks here is the delivery's own, or redquake's. */
import { deliveryCampaign } from "./words/delivery-campaign.ts";

export const deliveryControl = deliveryCampaign({
  name: "delivery-control",
  title: "Deliveries that nothing disturbs",
  description:
    "Pub/Sub, a stream with a consumer group, both kinds of queues on a list, and delayed work in a sorted set, at a high rate and without any fault: every message comes once.",
  suite: "standard",
  system: { kind: "single", options: {} },
  lanes: [
    { delivery: "subscribe" },
    { delivery: "psubscribe" },
    { delivery: "stream-group", isGroup: true },
    { delivery: "list-blmove" },
    { delivery: "list-brpop" },
    { delivery: "delayed-zset" },
  ],
  publisher: { everyMs: 4 },
  consumer: { workMs: 1 },
  loadMs: 4_000,
  settleMs: 500,
});

export const deliverySpecimens = deliveryCampaign({
  name: "delivery-specimens",
  title: "Subscribers that drop, double and reorder messages",
  description:
    "Subscribers that are wrong on purpose, beside one that is right, and without any fault: redquake names what each of them does.",
  suite: "nightly",
  system: { kind: "single", options: {} },
  lanes: [
    { delivery: "subscribe" },
    { delivery: "drops-some", breaks: ["no-loss", "no-loss-connected", "no-loss-unknown-to-app"] },
    { delivery: "doubles", breaks: ["no-duplicate"] },
    { delivery: "reorders", breaks: ["order"] },
  ],
  publisher: { everyMs: 4 },
  loadMs: 4_000,
  settleMs: 500,
});
