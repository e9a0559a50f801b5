/**
 * Messages of one publisher that a subscriber received in another order than they were sent.
 *
 * Only messages whose sending succeeded count: one whose answer was lost may take effect at any later time. Two whose
 * sending overlapped have no order, and one that is due later has none either. A message that comes again is a
 * duplicate, not a disorder: its first arrival counts. One pass with the greatest number so far: O(n).
 */
import { NO_PARTNER } from "../../history/columns/columns.ts";
import type { History } from "../../history/history.ts";
import { numberReader } from "../../history/vocabulary/read-columns.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { Bits } from "../kit/bits.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidenceAt } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { counted, moment, tooFew } from "../kit/words.ts";
import type { SendKind } from "./messages.ts";
import { Messages, numbered } from "./messages.ts";

const NONE = -1;

/** Deliveries, as events. */
interface Disorder {
  readonly before: number;
  readonly late: number;
}

/** What was sent, by message. */
interface Lanes {
  /** Invocation of the send, or `NONE` where the message has no place in any order. */
  readonly call: Int32Array;
  /** One number for each publisher on a channel. */
  readonly lane: Int32Array;
  readonly number: Float64Array;
  /** How many lanes there are. */
  readonly size: number;
}

/** Counts the messages that arrived after a later one of the same publisher, channel and receiver. */
export function deliveryOrder(history: History, kind: SendKind, minMessages: number): CheckResult {
  const messages = new Messages(history);
  const { event, message, receiver } = messages.deliveries();
  const lanes = lanesOf(messages, kind);
  const seen = messages.receivers.map(() => undefined as Bits | undefined);
  /** By receiver and lane, the delivery with the greatest number so far. */
  const greatest = new Map<number, number>();
  const disorders: Disorder[] = [];
  let arrived = 0;
  for (let i = 0; i < event.length; i += 1) {
    const [each, by] = [message[i] as number, receiver[i] as number];
    if (lanes.call[each] === NONE || !(seen[by] ??= new Bits(messages.size)).add(each)) continue;
    arrived += 1;
    const stream = by * lanes.size + (lanes.lane[each] as number);
    const top = greatest.get(stream);
    const topMessage = top === undefined ? NONE : (message[top] as number);
    if (top === undefined || (lanes.number[topMessage] as number) < (lanes.number[each] as number)) {
      greatest.set(stream, i);
    } else if (messages.partner(lanes.call[each] as number) < (lanes.call[topMessage] as number)) {
      disorders.push({ before: event[top] as number, late: event[i] as number });
    }
  }
  const faults = faultsOf(history);
  return conclude({
    history,
    findings: clearest(
      disorders,
      (a, b) => a.late - b.late,
      (disorder) => describe(disorder, messages, lanes, faults),
    ),
    count: disorders.length,
    broken: `${counted(disorders.length, "message")} arrived after a later one of the same publisher.`,
    vacuous: tooFew(arrived, minMessages, "message was delivered", "messages were delivered"),
    holds: `${counted(arrived, "message was", "messages were")} delivered in the order of their publishers.`,
    figures: { "messages delivered": arrived, "out of order": disorders.length },
  });
}

/** To be called when all messages are known. */
function lanesOf(messages: Messages, kind: SendKind): Lanes {
  const dueMs = numberReader(messages.columns, "dueMs");
  const sent = messages.sends(kind);
  const call = new Int32Array(messages.size).fill(NONE);
  const lane = new Int32Array(messages.size);
  const number = new Float64Array(messages.size);
  const numberOf = new Map<string, number>();
  sent.call.forEach((each, i) => {
    const one = sent.message[i] as number;
    const parts =
      messages.outcome(each) === "ok" && Number.isNaN(dueMs(each)) ? numbered(messages.text(one)) : undefined;
    if (parts === undefined) return;
    const name = `${messages.channelOf(one)} ${parts.publisher}`;
    const known = numberOf.get(name) ?? numberOf.size;
    numberOf.set(name, known);
    call[one] = each;
    lane[one] = known;
    number[one] = parts.number;
  });
  return { call, lane, number, size: numberOf.size };
}

function describe(
  { before, late }: Disorder,
  messages: Messages,
  lanes: Lanes,
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const [earlier, later] = [messages.named(before), messages.named(late)];
  const receiver = messages.receivers[messages.receiverOf(late)] ?? "";
  const sent = [earlier, later].flatMap((message) => {
    const call = lanes.call[message] ?? NO_PARTNER;
    return [call, messages.partner(call)];
  });
  const [from, to] = [messages.time(before), messages.time(late)];
  return {
    kind: "out-of-order",
    sentence: `${receiver} received ${messages.text(later)} from ${messages.channelName(later)} at ${moment(to)}, after ${messages.text(earlier)}, which came at ${moment(from)}${alongside(faults, from, to, [receiver])}.`,
    events: evidenceAt([...sent, messages.partner(before), before, messages.partner(late), late]),
  };
}
