/**
 * Messages that were sent with success and did not arrive: at a subscriber (Pub/Sub), or at anybody of a group, and
 * there acknowledged (streams).
 */
import type { History } from "../../history/history.ts";
import type { HistoryEvent } from "../../history/operation.ts";
import { outcome } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { textField } from "../../history/vocabulary/read.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, aroundOrAfter, faultsOf } from "../kit/faults.ts";
import type { Delivery, Send, SendKind, Subscription } from "./messages.ts";
import { deliveriesOf, identity, numbered, sendsOf, subscriptionsOf } from "./messages.ts";
import type { Span } from "../kit/phases.ts";
import { loadPhase } from "../kit/phases.ts";
import { counted, listed, moment, ranges, tooFew, who } from "../kit/words.ts";

/** How many of the lost messages a finding names as events; the sentence has the ranges of all. */
const MAX_EVENTS_OF_LOST = 10;

type Where = "connected" | "disconnected" | "edge";

interface SubscriberLoss {
  readonly subscription: Subscription;
  readonly expected: number;
  readonly lost: readonly { readonly send: Send; readonly where: Where }[];
}

/**
 * Every subscriber should get every message that was sent with success between its first `subscribe` and the end of the
 * load. Each loss is set against the times in which the subscriber was connected, as far as it knew. One finding per
 * subscriber and channel; `count` is the number of messages lost, by all subscribers together.
 */
export function subscriberLoss(history: History, kind: SendKind, minMessages: number): CheckResult {
  const sent = sentInLoad(history, kind);
  const faults = faultsOf(history);
  const received = Map.groupBy(deliveriesOf(history), ({ receiver }) => receiver);
  const losses = subscriptionsOf(history).map((subscription) =>
    lossOf(subscription, sent, received.get(subscription.subscriber) ?? []),
  );
  const expected = losses.reduce((sum, loss) => sum + loss.expected, 0);
  const lost = losses.flatMap((loss) => loss.lost);
  const at = (where: Where): number => lost.filter((each) => each.where === where).length;
  const figures = {
    subscribers: new Set(losses.map(({ subscription }) => subscription.subscriber)).size,
    "messages sent": sent.length,
    "deliveries expected": expected,
    lost: lost.length,
    "lost while disconnected": at("disconnected"),
    "lost while connected": at("connected"),
    "lost on the edge": at("edge"),
  };
  return conclude({
    history,
    findings: clearest(
      losses.filter((loss) => loss.lost.length > 0),
      (a, b) => b.lost.length - a.lost.length,
      (loss) => describeSubscriber(loss, faults),
    ),
    count: lost.length,
    broken:
      `${counted(lost.length, "delivery", "deliveries")} of ${expected.toLocaleString("en-US")} never came: ` +
      `${at("disconnected")} while the subscriber was disconnected, ${at("connected")} while it was connected as far as it knew, ${at("edge")} on the edge between the two.`,
    vacuous: tooFew(expected, minMessages, "delivery was expected", "deliveries were expected"),
    holds: `Every expected delivery came (${expected} of ${expected}).`,
    figures,
  });
}

function lossOf(subscription: Subscription, sent: readonly Send[], deliveries: readonly Delivery[]): SubscriberLoss {
  const got = new Set(deliveries.map(identity));
  const due = sent.filter(
    ({ channel, operation }) => channel === subscription.channel && operation.invoke.time > subscription.since,
  );
  const lost = due
    .filter((send) => !got.has(identity(send)))
    .map((send) => ({ send, where: place(send, subscription) }));
  return { subscription, expected: due.length, lost };
}

function place({ operation }: Send, { connected, disconnected }: Subscription): Where {
  const span: Span = { from: operation.invoke.time, to: operation.completion?.time ?? Infinity };
  if (contains(connected, span)) return "connected";
  return contains(disconnected, span) ? "disconnected" : "edge";
}

/**
 * Whether one of the spans, which are in order and apart, contains another span in its inside: what touches its ends is
 * on the edge.
 */
function contains(spans: readonly Span[], { from, to }: Span): boolean {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.from ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  const span = spans[low - 1];
  return span !== undefined && to < span.to;
}

function describeSubscriber(
  { subscription, expected, lost }: SubscriberLoss,
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const { subscriber, channel, first, bounds } = subscription;
  const sends = lost.map(({ send }) => send);
  const at = (where: Where): number => lost.filter((each) => each.where === where).length;
  const shown = sends.slice(0, MAX_EVENTS_OF_LOST);
  const last = shown.at(-1);
  // The windows around the messages that are shown tell the story; those after them would only be many.
  const story = last === undefined ? [] : bounds.filter(({ time }) => time <= sentAt(last)).slice(-6);
  return {
    kind: "lost",
    sentence:
      `${subscriber} never received ${lost.length} of the ${counted(expected, "message")} published to ${channel} since it subscribed: ` +
      `${named(sends)} (${sentWhen(sends)}); ${at("disconnected")} were sent inside its disconnected windows, ${at("connected")} while it was connected as far as it knew, ${at("edge")} on the edge${faultsWhile(sends, faults, [subscriber])}.`,
    events: evidence([first.invoke, first.completion, ...story, ...shown.flatMap(bothEvents)]),
  };
}

/**
 * Somebody of the group should get every message that was added with success in the load, and acknowledge it by the
 * end. One finding per kind, channel and publisher, and of what was not acknowledged per consumer who had it last;
 * `count` is the number of messages.
 */
export function groupLoss(history: History, kind: SendKind, minMessages: number): CheckResult {
  const sent = sentInLoad(history, kind);
  const faults = faultsOf(history);
  /** The last one of each message. */
  const deliveries = new Map(deliveriesOf(history).map((delivery) => [identity(delivery), delivery]));
  const { acked, perhaps } = acknowledgements(history);
  const lost = sent.filter((send) => !deliveries.has(identity(send)));
  const left = sent.filter((send) => deliveries.has(identity(send)) && !acked.has(identity(send)));
  const undecided = left.filter((send) => perhaps.has(identity(send)));
  const unacked = left.filter((send) => !perhaps.has(identity(send)));
  const violations = [
    ...byPublisher(lost, undefined).map((sends) => ({ kind: "lost", sends })),
    ...byPublisher(unacked, deliveries).map((sends) => ({ kind: "unacked", sends })),
  ];
  const count = lost.length + unacked.length;
  return conclude({
    history,
    findings: clearest(
      violations,
      (a, b) => (a.kind === b.kind ? b.sends.length - a.sends.length : a.kind === "lost" ? -1 : 1),
      ({ kind: name, sends }) =>
        name === "lost"
          ? describeLost(sends, faults)
          : describeUnacked(sends, deliveries, faults, loadPhase(history).to),
    ),
    count,
    broken: `${lost.length} of ${counted(sent.length, "message")} added with success ${lost.length === 1 ? "was" : "were"} never delivered to anybody, and ${wereOrWas(unacked.length)} delivered but never acknowledged.`,
    vacuous: tooFew(sent.length, minMessages, "message was added", "messages were added"),
    unknown:
      undecided.length === 0
        ? undefined
        : `Nobody knows whether the ${undecided.length === 1 ? "acknowledgement" : "acknowledgements"} of ${counted(undecided.length, "message")} arrived.`,
    holds: `Every message that was added was delivered and acknowledged (${sent.length} of ${sent.length}).`,
    figures: {
      "messages sent": sent.length,
      lost: lost.length,
      "never acknowledged": unacked.length,
      "perhaps acknowledged": undecided.length,
    },
  });
}

function wereOrWas(count: number): string {
  return `${count} ${count === 1 ? "was" : "were"}`;
}

function acknowledgements(history: History): { acked: Set<string>; perhaps: Set<string> } {
  const [acked, perhaps] = [new Set<string>(), new Set<string>()];
  for (const operation of history.operations) {
    if (operation.f !== "ack") continue;
    const message = identity({
      channel: textField(operation.invoke, "channel"),
      message: textField(operation.invoke, "message"),
    });
    const how = outcome(operation);
    if (how === "ok") acked.add(message);
    if (how === "info") perhaps.add(message);
  }
  return { acked, perhaps };
}

function describeLost(sends: readonly Send[], faults: ReadonlyMap<string, FaultRecord>): Finding {
  const nodes = sends.flatMap(({ operation }) => operation.completion?.node ?? []);
  return {
    kind: "lost",
    sentence: `${addedWithSuccess(sends)} never reached anybody: ${named(sends)} (${sentWhen(sends)} by ${senders(sends)})${faultsWhile(sends, faults, nodes)}.`,
    events: evidence(sends.slice(0, MAX_EVENTS_OF_LOST).flatMap(bothEvents)),
  };
}

/** @param sends which one consumer had last. @param until when the load ended. */
function describeUnacked(
  sends: readonly Send[],
  deliveries: ReadonlyMap<string, Delivery>,
  faults: ReadonlyMap<string, FaultRecord>,
  until: number,
): Finding {
  const received = sends.flatMap((send) => deliveries.get(identity(send)) ?? []);
  const span = received.reduce<Span>(
    ({ from, to }, { event: { time } }) => ({ from: Math.min(from, time), to: Math.max(to, time) }),
    { from: Infinity, to: -Infinity },
  );
  const consumer = received[0]?.receiver ?? "";
  const when = span.from === span.to ? `at ${moment(span.from)}` : `from ${moment(span.from)} to ${moment(span.to)}`;
  const were = sends.length === 1 ? "was" : "were";
  return {
    kind: "unacked",
    sentence: `${addedWithSuccess(sends)} by ${senders(sends)} ${were} delivered to ${consumer} ${when} and never acknowledged: ${named(sends)}${aroundOrAfter(faults, span, Math.max(until, span.to), [consumer])}.`,
    events: evidence([
      ...sends.slice(0, MAX_EVENTS_OF_LOST).flatMap(bothEvents),
      ...received.slice(0, MAX_EVENTS_OF_LOST).flatMap(({ operation, event }) => [operation.invoke, event]),
    ]),
  };
}

function addedWithSuccess(sends: readonly Send[]): string {
  return `${counted(sends.length, "message")} that ${sends.length === 1 ? "was" : "were"} added to ${sends[0]?.channel ?? ""} with success`;
}

function senders(sends: readonly Send[]): string {
  return listed([...new Set(sends.map(({ operation }) => who(operation.invoke)))]);
}

/** Faults that were active while messages were sent. */
function faultsWhile(
  sends: readonly Send[],
  faults: ReadonlyMap<string, FaultRecord>,
  names: readonly string[],
): string {
  const [first, last] = [sends[0], sends.at(-1)];
  if (first === undefined || last === undefined) return "";
  return alongside(faults, sentAt(first), last.operation.completion?.time ?? sentAt(last), names);
}

/** Messages that were sent with success, with an answer before the load ended, by the time of their sending. */
function sentInLoad(history: History, kind: SendKind): Send[] {
  const { to } = loadPhase(history);
  return sendsOf(history, kind).filter(
    (send) => send.outcome === "ok" && (send.operation.completion?.time ?? Infinity) <= to,
  );
}

/** @param deliveries where those of one receiver are told together. */
function byPublisher(sends: readonly Send[], deliveries: ReadonlyMap<string, Delivery> | undefined): Send[][] {
  return [
    ...Map.groupBy(sends, (send) =>
      JSON.stringify([
        send.channel,
        numbered(send.message)?.publisher ?? null,
        deliveries?.get(identity(send))?.receiver ?? null,
      ]),
    ).values(),
  ];
}

/** `w1:5–9, 12; w2:3`, for messages in any order. */
function named(sends: readonly Send[]): string {
  const plain = sends.filter(({ message }) => numbered(message) === undefined).map(({ message }) => message);
  const parts = Map.groupBy(
    sends.flatMap(({ message }) => numbered(message) ?? []),
    ({ publisher }) => publisher,
  );
  const texts = [...parts].map(
    ([publisher, each]) => `${publisher}:${ranges(each.map(({ number }) => number).sort((a, b) => a - b))}`,
  );
  const text = [...texts, ...plain].join("; ");
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function sentWhen(sends: readonly Send[]): string {
  const [first, last] = [sends[0], sends.at(-1)];
  if (first === undefined || last === undefined) return "never sent";
  return first === last
    ? `sent at ${moment(sentAt(first))}`
    : `sent from ${moment(sentAt(first))} to ${moment(sentAt(last))}`;
}

function sentAt({ operation }: Send): number {
  return operation.invoke.time;
}

function bothEvents({ operation }: Send): (HistoryEvent | undefined)[] {
  return [operation.invoke, operation.completion];
}
