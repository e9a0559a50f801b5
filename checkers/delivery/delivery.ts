/**
 * Whether messages arrive: all of them, once, in order, and none that nobody sent.
 *
 * Pub/Sub promises delivery at most once, to those who are connected (https://redis.io/docs/latest/develop/pubsub/); a
 * stream with a consumer group delivers at least once (https://redis.io/docs/latest/develop/data-types/streams/). Which
 * property is a promise, and which a hope, the claim says.
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { CheckResult } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { lossNeedsWholeSystem } from "../kit/open-end.ts";
import { deliveryDuplicates } from "./duplicates.ts";
import { groupLoss } from "./group-loss.ts";
import { subscriberLoss } from "./loss.ts";
import { deliveryOrder } from "./order.ts";
import { deliveryPhantoms } from "./phantoms.ts";

const OPTIONS = z.strictObject({
  send: z.enum(["publish", "add"]).describe("The operation by which messages are sent"),
  audience: z
    .enum(["each", "group"])
    .describe("`each`: every subscriber should get every message. `group`: one consumer of the group should"),
  property: z.enum(["no-loss", "no-duplicate", "order", "no-phantom"]).describe("What is claimed of the messages"),
  minMessages: z.int().min(1).default(1).describe("Fewer messages than this, and the test was too small"),
});

export const delivery = checkerOf({
  name: "delivery",
  options: OPTIONS,
  exercise: always("succeeded", ["deliver"], "final"),
  check: lossNeedsWholeSystem(check, ["no-loss"]),
});

function check(history: History, { send, audience, property, minMessages }: z.output<typeof OPTIONS>): CheckResult {
  switch (property) {
    case "no-loss":
      return audience === "each" ? subscriberLoss(history, send, minMessages) : groupLoss(history, send, minMessages);
    case "no-duplicate":
      return deliveryDuplicates(history, audience, minMessages);
    case "order":
      return deliveryOrder(history, send, minMessages);
    case "no-phantom":
      return deliveryPhantoms(history, send, minMessages);
  }
}
