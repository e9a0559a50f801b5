/** Messages that their handlers refused: a refused message is to come again. */
import { optionalTextReader } from "../../history/vocabulary/read-columns.ts";
import type { Messages } from "./messages.ts";

/** By the time of the refusal. */
export interface Refusals {
  /** Events: the failed completions of `ack`. */
  readonly event: readonly number[];
  readonly message: readonly number[];
  readonly receiver: readonly number[];
}

/** An `ack` that names its delivery tells how the handler ended; any other is an acknowledgement to a server. */
export function refusalsOf(messages: Messages): Refusals {
  const deliveryIn = optionalTextReader(messages.columns, "delivery");
  const event = [...messages.calls("ack")]
    .filter((call) => messages.outcome(call) === "fail" && deliveryIn(call) !== -1)
    .map((call) => messages.partner(call))
    .sort((a, b) => a - b);
  return {
    event,
    message: event.map((each) => messages.named(messages.partner(each))),
    receiver: event.map((each) => messages.receiverOf(each)),
  };
}
