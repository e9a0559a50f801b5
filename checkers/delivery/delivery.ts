/**
 * Whether messages arrive: all of them, once, in order, in time, and none that nobody sent.
 *
 * Pub/Sub promises delivery at most once, to those who are connected (https://redis.io/docs/latest/develop/pubsub/); a
 * stream with a consumer group delivers at least once (https://redis.io/docs/latest/develop/data-types/streams/). Which
 * property is a promise, and which a hope, the claim says.
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { CheckResult } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { byProperty } from "../kit/exercise.ts";
import type { Exercise } from "../kit/exercise.ts";
import { lossNeedsWholeSystem } from "../kit/open-end.ts";
import { connectedLoss } from "./connected-loss.ts";
import { drainedGroups } from "./drained.ts";
import { deliveryDuplicates } from "./duplicates.ts";
import { messageEffects } from "./effects.ts";
import { groupLoss } from "./group-loss.ts";
import { subscriberLoss } from "./loss.ts";
import { offeredAgain } from "./offered-again.ts";
import { deliveredOnTime } from "./on-time.ts";
import { deliveryOrder } from "./order.ts";
import { deliveryPhantoms } from "./phantoms.ts";
import { receiversCounted } from "./receivers.ts";

const SHARED = {
  send: z.enum(["publish", "add"]).describe("The operation by which messages are sent"),
  audience: z
    .enum(["each", "group"])
    .describe("`each`: every subscriber should get every message. `group`: one consumer of the group should"),
  minMessages: z.int().min(1).default(1).describe("Fewer messages than this, and the test was too small"),
};

const boundMs = z.number().positive().default(5_000);

const OPTIONS = z.discriminatedUnion("property", [
  z.strictObject({
    ...SHARED,
    property: z
      .enum(["no-loss", "no-duplicate", "order", "no-phantom"])
      .describe("All arrive; none twice; in the order of each publisher; none that nobody sent"),
  }),
  z.strictObject({
    ...SHARED,
    property: z
      .enum(["no-loss-connected", "no-loss-unknown-to-app"])
      .describe(
        "Nothing is lost while the subscriber is connected and no fault touches it; nothing is lost outside the times in which it knew that it was disconnected. For `each`",
      ),
  }),
  z.strictObject({
    ...SHARED,
    property: z.literal("offered-again").describe("What a handler refused is offered again"),
    boundMs: boundMs.describe(
      "How long after the refusal, or after the last fault since, it must have come again, in milliseconds",
    ),
  }),
  z.strictObject({
    ...SHARED,
    property: z.literal("on-time").describe("What is due later comes not before, and not long after"),
    boundMs: boundMs.describe(
      "How long after the due time, or after the last fault since the sending, it must have come, in milliseconds",
    ),
    earlyMs: z.number().min(0).default(2).describe("How long before the due time is not too early, in milliseconds"),
  }),
  z.strictObject({
    ...SHARED,
    property: z
      .enum(["drained", "one-effect", "receivers"])
      .describe(
        "Nothing is left in a group in the end; no message has two side effects; no more receive a message than the server counted",
      ),
  }),
]);

type Options = z.output<typeof OPTIONS>;

const EXERCISES: { readonly [property: string]: Exercise } = {
  "offered-again": { f: ["ack"], end: "refused", until: "final" },
};

export const delivery = checkerOf({
  name: "delivery",
  options: OPTIONS,
  exercise: byProperty(EXERCISES, { f: ["deliver"], end: "succeeded", until: "final" }),
  check: lossNeedsWholeSystem(check, ["no-loss", "offered-again", "on-time", "drained"]),
});

const MESSAGE_WORDS = { noun: "message", time: "delivery", times: "deliveries" } as const;

function unfit(property: string, audience: string, about: string): TypeError {
  return new TypeError(
    `options of the checker delivery: ${property} is about ${about}: give it the audience "${audience}"`,
  );
}

/** @throws TypeError where the property is about another audience. */
function check(history: History, options: Options): CheckResult {
  const { send, audience, minMessages } = options;
  switch (options.property) {
    case "no-loss":
      return audience === "each" ? subscriberLoss(history, send, minMessages) : groupLoss(history, send, minMessages);
    case "no-duplicate":
      return deliveryDuplicates(history, audience, minMessages);
    case "order":
      return deliveryOrder(history, send, minMessages);
    case "no-phantom":
      return deliveryPhantoms(history, send, minMessages);
    case "no-loss-connected":
    case "no-loss-unknown-to-app":
      if (audience === "group") throw unfit(options.property, "each", "subscribers");
      return connectedLoss(history, send, minMessages, options.property === "no-loss-connected" ? "clean" : "any");
    case "offered-again":
      return offeredAgain(history, audience, minMessages, options.boundMs);
    case "on-time":
      return deliveredOnTime(history, send, options);
    case "drained":
      return drainedGroups(history, send);
    case "one-effect":
      if (audience === "each") throw unfit(options.property, "group", "messages that one of all deals with");
      return messageEffects(history, minMessages, MESSAGE_WORDS, send);
    case "receivers":
      return receiversCounted(history, send, minMessages);
  }
}
