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
  readonly recovery?: { readonly afterFault: string; readonly boundMs: number };
  /** Handlers refuse messages. */
  readonly refuses?: boolean;
  /** Messages are due later than they are sent. */
  readonly delays?: boolean;
  /** Messages are shared by the group of a stream, or nobody knows whether they are. */
  readonly isGroup?: boolean;
  /** Several servers pass messages on to each other, so that no single one counts those who receive them. */
  readonly manyServers?: boolean;
}

/** What a claim about a few messages only needs at the least. */
const FEW = 5;
/** A busy machine takes its time; what is never dealt with is found all the same. */
const PATIENCE_MS = 5_000;

/** In the order in which they are told. */
export function contractClaims(facts: WholeFacts, settings: ClaimSettings): readonly DeclaredClaim[] {
  return facts.audience === "each" ? claimsOfEach(facts, settings) : claimsOfGroup(facts, settings);
}

type Property = CheckerOptionsOf<"delivery">["property"];

function words({ contract, audience, ordered }: WholeFacts, { minMessages }: ClaimSettings) {
  const source = contract === "at-most-once" ? PUBSUB_PAGE : STREAMS_PAGE;
  const claim =
    (declare: typeof promised) =>
    (
      property: Property,
      statement: string,
      more: { readonly boundMs?: number; readonly minMessages?: number } = {},
    ): DeclaredClaim =>
      declare(property, statement, source, "delivery", {
        send: "publish",
        audience,
        property,
        minMessages,
        ...more,
      });
  const order = "Each consumer gets the messages of one publisher in the order in which they were sent.";
  return {
    source,
    promise: claim(promised),
    hope: claim(hoped),
    inOrder: ordered ? [claim(promised)("order", order)] : [],
    noPhantom: claim(promised)("no-phantom", "No consumer gets a message that nobody sent."),
  };
}

function claimsOfEach(facts: WholeFacts, settings: ClaimSettings): readonly DeclaredClaim[] {
  const { source, promise, hope, inOrder, noPhantom } = words(facts, settings);
  const { recovery, manyServers = false } = settings;
  const atMostOnce = facts.contract === "at-most-once";
  return [
    (atMostOnce ? hope : promise)("no-loss", "Every consumer gets every message."),
    promise("no-loss-connected", "No consumer loses a message while it is connected and no fault touches it.", {
      minMessages: FEW,
    }),
    hope("no-loss-unknown-to-app", "No consumer loses a message without being told that its subscription was lost."),
    (atMostOnce ? promise : hope)("no-duplicate", "No consumer gets a message twice."),
    ...inOrder,
    noPhantom,
    ...(atMostOnce && !manyServers
      ? [promise("receivers", "No more consumers get a message than the server counted when it was published.")]
      : []),
    ...(recovery === undefined
      ? []
      : [
          promised(
            "recovers",
            `Each consumer gets messages again within ${recovery.boundMs} ms after the fault.`,
            source,
            "recovery",
            { f: ["deliver"], unit: "subscription", sent: "publish", audience: "each", ...recovery },
          ),
        ]),
  ];
}

function claimsOfGroup(facts: WholeFacts, settings: ClaimSettings): readonly DeclaredClaim[] {
  const { source, promise, hope, inOrder, noPhantom } = words(facts, settings);
  const { contract, takeoverMs, redelivers, delays } = facts;
  const { recovery, refuses = false } = settings;
  const again = { boundMs: takeoverMs + PATIENCE_MS };
  return [
    (contract === "at-most-once" ? hope : promise)("no-loss", "Every message is dealt with."),
    (contract === "at-most-once" ? promise : hope)("no-duplicate", "No message is handed out twice."),
    ...(contract === "exactly-once-effect" ? [promise("one-effect", "No message has two effects.")] : []),
    ...inOrder,
    noPhantom,
    ...(settings.isGroup === false ? [] : [promise("drained", "Nothing is left in the group in the end.")]),
    ...(refuses && redelivers
      ? [
          promise(
            "offered-again",
            `What a handler refused is offered again within ${again.boundMs} ms, or after the last fault since.`,
            { ...again, minMessages: FEW },
          ),
        ]
      : []),
    ...(settings.delays === true && delays
      ? [
          promise(
            "on-time",
            `No message comes before it is due, or more than ${PATIENCE_MS} ms after that and after the last fault.`,
            { boundMs: PATIENCE_MS },
          ),
        ]
      : []),
    ...(recovery === undefined
      ? []
      : [
          promised(
            "recovers",
            `Each consumer gets messages again within ${recovery.boundMs} ms after the fault.`,
            source,
            "recovery",
            { f: ["deliver"], unit: "worker", sent: "publish", audience: "group", ...recovery },
          ),
          promised(
            "in-time",
            `Every message is dealt with within ${again.boundMs} ms after it was sent and after the fault.`,
            source,
            "recovery",
            { f: ["ack"], unit: "entry", sent: "publish", afterFault: recovery.afterFault, ...again },
          ),
        ]),
  ];
}
