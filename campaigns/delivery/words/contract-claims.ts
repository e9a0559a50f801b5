/** What is claimed of a delivery, by its contract. */
import type { CheckerOptionsOf } from "../../../checkers/registry.ts";
import type { WholeFacts } from "../../../workloads/delivery/adapter-shape.ts";
import { PUBSUB_PAGE, STREAMS_PAGE } from "../../declare/sources.ts";
import type { DeclaredClaim } from "../../declare/declare.ts";
import { hoped, promised } from "../../declare/declare.ts";

/** What a campaign says for the claims of whatever is put through it. */
export interface ClaimSettings {
  /** Fewer messages than this show nothing. */
  readonly minMessages: number;
  /** After which fault each consumer must get messages again, and how soon; none in a campaign without such a fault. */
  readonly recovery?: {
    readonly afterFault: string;
    readonly boundMs: number;
    readonly consumers: readonly string[];
  };
}

type Property = CheckerOptionsOf<"delivery">["property"];

/** In the order in which they are told. */
export function contractClaims(facts: WholeFacts, settings: ClaimSettings): readonly DeclaredClaim[] {
  const { contract, audience, ordered } = facts;
  const { minMessages, recovery } = settings;
  const source = contract === "at-most-once" ? PUBSUB_PAGE : STREAMS_PAGE;
  const delivery = (property: Property): CheckerOptionsOf<"delivery"> => ({
    send: "publish",
    audience,
    property,
    minMessages,
  });
  const loses = contract === "at-most-once";
  const everybody = audience === "each" ? "Every consumer gets every message." : "Every message is dealt with.";
  return [
    (loses ? hoped : promised)("no-loss", everybody, source, "delivery", delivery("no-loss")),
    (loses ? promised : hoped)(
      "no-duplicate",
      audience === "each" ? "No consumer gets a message twice." : "No message is handed out twice.",
      source,
      "delivery",
      delivery("no-duplicate"),
    ),
    ...(ordered
      ? [
          promised(
            "order",
            "Each consumer gets the messages of one publisher in the order in which they were sent.",
            source,
            "delivery",
            delivery("order"),
          ),
        ]
      : []),
    promised("no-phantom", "No consumer gets a message that nobody sent.", source, "delivery", delivery("no-phantom")),
    ...(recovery === undefined
      ? []
      : recovery.consumers.map((consumer) =>
          promised(
            `${consumer}-recovers`,
            `The consumer ${consumer} gets messages again after the fault (within ${recovery.boundMs} ms).`,
            source,
            "availability",
            { f: ["deliver"], workers: [consumer], boundMs: recovery.boundMs, afterFault: recovery.afterFault },
          ),
        )),
  ];
}
