/** Messages that were sent with success, and that a subscriber did not get. */
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { Bits } from "../kit/bits.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidenceAt } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { faultsOf } from "../kit/faults.ts";
import type { Span } from "../kit/phases.ts";
import { loadPhase } from "../kit/phases.ts";
import { counted, tooFew } from "../kit/words.ts";
import type { SendKind, Sends } from "./messages.ts";
import { Messages } from "./messages.ts";
import type { Subscription } from "./subscriptions.ts";
import { containing, subscriptionsOf } from "./subscriptions.ts";
import { faultsWhile, MAX_EVENTS_OF_MESSAGES, namedSends, sentWhen, shownSends } from "./words.ts";

type Where = "connected" | "disconnected" | "edge";

export interface SubscriberLoss {
  readonly subscription: Subscription;
  readonly expected: number;
  /** Invocations of the sends whose messages never came, by their time. */
  readonly lost: readonly number[];
  /** For each of those, where the subscriber was when it was sent. */
  readonly where: readonly Where[];
  /** Invocations of the expected sends that fell into a time in which it was connected. */
  readonly connected: readonly number[];
}

/**
 * Every subscriber should get every message that was sent with success between its first `subscribe` and the end of the
 * load. Each loss is set against the times in which the subscriber was connected, as far as it knew. One finding per
 * subscriber and channel; `count` is the number of messages lost, by all subscribers together.
 */
export function subscriberLoss(history: History, kind: SendKind, minMessages: number): CheckResult {
  const messages = new Messages(history);
  const faults = faultsOf(history);
  const { losses, sent } = lossesOf(history, messages, kind, faults);
  const sums = sumsOf(losses);
  return conclude({
    history,
    findings: clearest(
      losses.filter((loss) => loss.lost.length > 0),
      (a, b) => b.lost.length - a.lost.length,
      (loss) => describe(loss, messages, faults),
    ),
    count: sums.lost,
    broken:
      `${counted(sums.lost, "delivery", "deliveries")} of ${sums.expected.toLocaleString("en-US")} never came: ` +
      `${sums.disconnected} while the subscriber was disconnected, ${sums.connected} while it was connected as far as it knew, ${sums.edge} on the edge between the two.`,
    vacuous: tooFew(sums.expected, minMessages, "delivery was expected", "deliveries were expected"),
    holds: `Every expected delivery came (${sums.expected} of ${sums.expected}).`,
    figures: lossFigures(losses, sent),
  });
}

export function lossFigures(losses: readonly SubscriberLoss[], sent: number): { readonly [name: string]: number } {
  const sums = sumsOf(losses);
  return {
    subscribers: new Set(losses.map(({ subscription }) => subscription.receiver)).size,
    "messages sent": sent,
    "deliveries expected": sums.expected,
    lost: sums.lost,
    "lost while disconnected": sums.disconnected,
    "lost while connected": sums.connected,
    "lost on the edge": sums.edge,
  };
}

/** What each subscription lost. @returns also how many messages were sent with success in the load. */
export function lossesOf(
  history: History,
  messages: Messages,
  kind: SendKind,
  faults: ReadonlyMap<string, FaultRecord>,
): { readonly losses: readonly SubscriberLoss[]; readonly sent: number } {
  const sent = sentInLoad(history, messages, kind);
  const { message, receiver } = messages.deliveries();
  const subscriptions = subscriptionsOf(messages, faults);
  const got = messages.receivers.map(() => undefined as Bits | undefined);
  message.forEach((each, i) => (got[receiver[i] as number] ??= new Bits(messages.size)).add(each));
  const byChannel = Map.groupBy(sent.call.keys(), (i) => messages.channelOf(sent.message[i] as number));
  const losses = subscriptions.map((subscription) =>
    lossOf(messages, subscription, sent, byChannel.get(subscription.channel) ?? [], got[subscription.receiver]),
  );
  return { losses, sent: sent.call.length };
}

/** @param places of the sends to the channel. */
function lossOf(
  messages: Messages,
  subscription: Subscription,
  { call, message }: Sends,
  places: readonly number[],
  got: Bits | undefined,
): SubscriberLoss {
  const lost: number[] = [];
  const where: Where[] = [];
  const whileConnected: number[] = [];
  let expected = 0;
  for (const i of places) {
    const sending = call[i] as number;
    const span = sentIn(messages, sending);
    if (containing(subscription.member, span) === undefined) continue;
    expected += 1;
    const connected = containing(subscription.connected, span) !== undefined;
    if (connected) whileConnected.push(sending);
    if (got?.has(message[i] as number) === true) continue;
    lost.push(sending);
    const disconnected = !connected && containing(subscription.disconnected, span) !== undefined;
    where.push(connected ? "connected" : disconnected ? "disconnected" : "edge");
  }
  return { subscription, expected, connected: whileConnected, lost, where };
}

/** From when to when a message was sent. */
export function sentIn(messages: Messages, call: number): Span {
  return { from: messages.time(call), to: messages.endOf(call) };
}

/** Messages that were sent with success, with an answer before the load ended, by the time of their sending. */
export function sentInLoad(history: History, messages: Messages, kind: SendKind): Sends {
  const { to } = loadPhase(history);
  const call = messages.calls(kind).filter((each) => messages.outcome(each) === "ok" && messages.endOf(each) <= to);
  return { call, message: call.map((each) => messages.named(each)) };
}

function sumsOf(losses: readonly SubscriberLoss[]): { readonly [name in "expected" | "lost" | Where]: number } {
  const sums = { expected: 0, lost: 0, connected: 0, disconnected: 0, edge: 0 };
  for (const { expected, lost, where } of losses) {
    sums.expected += expected;
    sums.lost += lost.length;
    for (const each of where) sums[each] += 1;
  }
  return sums;
}

function describe(
  { subscription, expected, lost, where }: SubscriberLoss,
  messages: Messages,
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const { first, bounds, channel } = subscription;
  const subscriber = messages.receivers[subscription.receiver] ?? "";
  const at = (wanted: Where): number => where.filter((each) => each === wanted).length;
  const last = lost[Math.min(lost.length, MAX_EVENTS_OF_MESSAGES) - 1] ?? first;
  // The windows around the messages that are shown tell the story; those after them would only be many.
  const story = bounds.filter((event) => messages.time(event) <= messages.time(last)).slice(-6);
  return {
    kind: "lost",
    sentence:
      `${subscriber} never received ${lost.length} of the ${counted(expected, "message")} published to ${messages.columns.tape.texts[channel] ?? ""} since it subscribed: ` +
      `${namedSends(messages, lost)} (${sentWhen(messages, lost)}); ${at("disconnected")} were sent inside its disconnected windows, ${at("connected")} while it was connected as far as it knew, ${at("edge")} on the edge${faultsWhile(messages, lost, faults, [subscriber])}.`,
    events: evidenceAt([first, messages.partner(first), ...story, ...shownSends(messages, lost)]),
  };
}
