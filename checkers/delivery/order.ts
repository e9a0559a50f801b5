/**
 * Messages of one publisher that a subscriber received in another order than they were sent.
 *
 * Only messages whose sending succeeded count: one whose answer was lost may take effect at any later time. A message
 * that comes again is a duplicate, not a disorder: its first arrival counts. One pass with the greatest number so far:
 * O(n).
 */
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import type { Delivery, Send, SendKind } from "./messages.ts";
import { deliveriesOf, identity, numbered, sendsOf } from "./messages.ts";
import { counted, moment, tooFew } from "../kit/words.ts";

interface Disorder {
  readonly before: Delivery;
  readonly late: Delivery;
}

/** Counts the messages that arrived after a later one of the same publisher, channel and receiver. */
export function deliveryOrder(history: History, kind: SendKind, minMessages: number): CheckResult {
  const sends = new Map<string, Send>();
  for (const send of sendsOf(history, kind)) if (send.outcome === "ok") sends.set(identity(send), send);
  const seen = new Set<string>();
  const greatest = new Map<string, { delivery: Delivery; number: number }>();
  const disorders: Disorder[] = [];
  for (const delivery of deliveriesOf(history)) {
    const { receiver, channel, message } = delivery;
    const parts = numbered(message);
    const arrival = `${receiver} ${identity(delivery)}`;
    if (parts === undefined || seen.has(arrival) || !sends.has(identity(delivery))) continue;
    seen.add(arrival);
    const stream = JSON.stringify([receiver, channel, parts.publisher]);
    const top = greatest.get(stream);
    if (top !== undefined && top.number > parts.number) disorders.push({ before: top.delivery, late: delivery });
    else greatest.set(stream, { delivery, number: parts.number });
  }
  const faults = faultsOf(history);
  return conclude({
    history,
    findings: clearest(
      disorders,
      (a, b) => a.late.event.index - b.late.event.index,
      (disorder) => describe(disorder, sends, faults),
    ),
    count: disorders.length,
    broken: `${counted(disorders.length, "message")} arrived after a later one of the same publisher.`,
    vacuous: tooFew(seen.size, minMessages, "message was delivered", "messages were delivered"),
    holds: `${counted(seen.size, "message was", "messages were")} delivered in the order of their publishers.`,
    figures: { "messages delivered": seen.size, "out of order": disorders.length },
  });
}

function describe(
  { before, late }: Disorder,
  sends: ReadonlyMap<string, Send>,
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const sent = [before, late].flatMap((delivery) => {
    const operation = sends.get(identity(delivery))?.operation;
    return operation === undefined ? [] : [operation.invoke, operation.completion];
  });
  return {
    kind: "out-of-order",
    sentence: `${late.receiver} received ${late.message} from ${late.channel} at ${moment(late.event.time)}, after ${before.message}, which came at ${moment(before.event.time)}${alongside(faults, before.event.time, late.event.time, [late.receiver])}.`,
    events: evidence([...sent, before.operation.invoke, before.event, late.operation.invoke, late.event]),
  };
}
