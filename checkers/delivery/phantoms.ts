/** Messages that were delivered although nobody had begun to send them. */
import type { History } from "../../history/history.ts";
import type { CheckResult } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import type { SendKind } from "./messages.ts";
import { deliveriesOf, identity, sendsOf } from "./messages.ts";
import { counted, moment, tooFew } from "../kit/words.ts";

/** Counts the deliveries of messages that nobody had begun to send, on that channel, when they arrived. */
export function deliveryPhantoms(history: History, kind: SendKind, minMessages: number): CheckResult {
  const begun = new Map<string, number>();
  for (const send of sendsOf(history, kind)) {
    const key = identity(send);
    begun.set(key, Math.min(begun.get(key) ?? Infinity, send.operation.invoke.time));
  }
  const deliveries = deliveriesOf(history);
  const phantoms = deliveries.filter((delivery) => (begun.get(identity(delivery)) ?? Infinity) > delivery.event.time);
  const faults = faultsOf(history);
  return conclude({
    history,
    findings: clearest(
      phantoms,
      (a, b) => a.event.index - b.event.index,
      ({ receiver, message, channel, operation, event }) => ({
        kind: "phantom",
        sentence: `${receiver} received ${JSON.stringify(message)} from ${channel} at ${moment(event.time)}, which nobody had sent there by then${alongside(faults, event.time, event.time, [receiver])}.`,
        events: [operation.invoke.index, event.index],
      }),
    ),
    count: phantoms.length,
    broken: `${counted(phantoms.length, "message")} came that nobody had sent.`,
    vacuous: tooFew(deliveries.length, minMessages, "message was delivered", "messages were delivered"),
    holds: `Each of the ${counted(deliveries.length, "delivery", "deliveries")} was of a message that somebody had sent.`,
    figures: { deliveries: deliveries.length, phantoms: phantoms.length },
  });
}
