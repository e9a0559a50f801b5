/** Consumers whose connection is reset, held up, or lets nothing through in one direction. */
import type { Random } from "../../history/random.ts";
import type { DeclaredFault } from "../declare/declare.ts";
import type { DeliveryLane, DeliverySchedule } from "./words/delivery-campaign.ts";
import { deliveryCampaign } from "./words/delivery-campaign.ts";

/** ioredis waits for two seconds at most before it connects again, and a busy machine takes its time. */
const BOUND_MS = 5_000;

const CUT: Pick<DeliverySchedule, "suite" | "system" | "loadMs" | "settleMs" | "publisher" | "claims"> = {
  suite: "nightly",
  system: { kind: "single", options: {} },
  loadMs: 13_000,
  settleMs: 500,
  publisher: { everyMs: 8 },
  claims: (lane) => ({
    recovery: { afterFault: lane.fault("cut"), boundMs: BOUND_MS },
  }),
};

type Cut = Extract<DeclaredFault, { readonly kind: "link" }>["options"];

/** One consumer of each lane is cut off; the others are not. */
function cut(options: Omit<Cut, "from" | "to">, forMs: readonly [number, number]) {
  return (lane: DeliveryLane, random: Random): readonly DeclaredFault[] => [
    {
      id: lane.fault("cut"),
      kind: "link",
      options: { from: lane.consumers[0] ?? "", to: "n1", ...options },
      start: { afterMs: random.integer(800, 1_200) },
      end: { afterMs: random.integer(...forMs) },
    },
  ];
}

export const deliveryReset = deliveryCampaign({
  ...CUT,
  name: "delivery-reset",
  title: "A consumer's connection is reset",
  description:
    "The connections of one consumer are reset, and refused for a moment. Who subscribes misses what is sent meanwhile, and must be there again soon; a queue keeps it.",
  lanes: [
    { delivery: "subscribe", breaks: ["no-loss"] },
    { delivery: "never-resubscribes", breaks: ["no-loss", "recovers"], mayBreak: ["no-loss-connected"] },
    { delivery: "stream-group", isGroup: true },
    { delivery: "list-blmove" },
  ],
  faults: cut({ how: "reset" }, [500, 900]),
});

export const deliveryHeld = deliveryCampaign({
  ...CUT,
  name: "delivery-held",
  title: "A consumer's connection is held up",
  description:
    "Nothing passes between one consumer and the server for a while, and everything does afterwards: nothing is lost, and all of it is late.",
  lanes: [{ delivery: "subscribe" }, { delivery: "stream-group", isGroup: true }, { delivery: "list-blmove" }],
  faults: cut({ how: "hold" }, [1_000, 1_500]),
});

export const deliveryOneWay = deliveryCampaign({
  ...CUT,
  name: "delivery-one-way",
  title: "A consumer is cut off in one direction",
  description:
    "What the server sends to one consumer vanishes, and what the consumer sends arrives. The server goes on sending to a subscriber that gets nothing, and says that it was received; when the link heals the connection is closed.",
  lanes: [
    { delivery: "subscribe", breaks: ["no-loss", "no-loss-unknown-to-app"] },
    { delivery: "stream-group", isGroup: true },
  ],
  faults: cut({ how: "drop", direction: "back" }, [1_000, 1_500]),
});
