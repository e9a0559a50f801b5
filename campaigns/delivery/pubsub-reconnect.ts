import type { CheckerOptionsOf } from "../../checkers/registry.ts";
import type { DeclaredFault } from "../declare/declare.ts";
import { campaign, hoped, promised } from "../declare/declare.ts";
import { workers } from "../declare/workers.ts";
import { PUBSUB_PAGE } from "../declare/sources.ts";

const delivery = (property: CheckerOptionsOf<"delivery">["property"]): CheckerOptionsOf<"delivery"> => ({
  send: "publish",
  audience: "each",
  property,
  minMessages: 100,
});

export const pubsubReconnect = campaign({
  name: "pubsub-reconnect",
  title: "Subscribers that are cut off",
  description:
    "Two publishers, three subscribers with the client library's defaults. One subscriber's connection is reset, one's is held up, one is paused. Pub/Sub delivers at most once: who is not connected misses messages, and nobody says so.",
  suite: "quick",
  system: { kind: "single", options: {} },
  workload: "pubsub",
  options: { channel: "events", everyMs: 8 },
  profile: "app",
  workers: [...workers("publisher", 2), ...workers("subscriber", 3, 3)],
  loadMs: 4_500,
  settleMs: 1_500,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "reset",
      kind: "link",
      options: { from: "w3", to: "n1", how: "reset" },
      start: { afterMs: random.integer(600, 900) },
      end: { afterMs: random.integer(500, 900) },
    },
    {
      id: "hold",
      kind: "link",
      options: { from: "w4", to: "n1", how: "hold" },
      start: { afterMs: random.integer(800, 1_200) },
      end: { afterMs: 1_500 },
    },
    {
      id: "pause",
      kind: "pause",
      options: { target: "w5" },
      start: { afterMs: random.integer(800, 1_200) },
      end: { afterMs: 1_500 },
    },
  ],
  claims: [
    hoped("no-loss", "Every subscriber gets every message.", PUBSUB_PAGE, "delivery", delivery("no-loss")),
    promised("no-duplicate", "No subscriber gets a message twice.", PUBSUB_PAGE, "delivery", delivery("no-duplicate")),
    promised(
      "order",
      "Each subscriber gets the messages of one publisher in the order in which they were sent.",
      PUBSUB_PAGE,
      "delivery",
      delivery("order"),
    ),
    promised(
      "no-phantom",
      "No subscriber gets a message that nobody sent.",
      PUBSUB_PAGE,
      "delivery",
      delivery("no-phantom"),
    ),
  ],
});
