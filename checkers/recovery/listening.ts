/**
 * Units that only listen: what is sent to them from the bound after the heal on must arrive again. Where it never does,
 * it is told apart whether the server still counts the subscription.
 */
import { NO_PARTNER } from "../../history/columns/columns.ts";
import type { Messages, SendKind } from "../delivery/messages.ts";
import type { Observation } from "../delivery/observations.ts";
import { observationsOf } from "../delivery/observations.ts";
import type { Subscription } from "../delivery/subscriptions.ts";
import { containing, subscriptionsOf } from "../delivery/subscriptions.ts";
import { evidenceAt } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { counted, duration, fromMs, moment } from "../kit/words.ts";
import { whileOthers } from "./attempts.ts";
import type { Calm } from "./calm.ts";
import type { Fate, Violation } from "./unit.ts";

/** With a probability that is less, somebody of a group is passed over by chance. */
const CHANCE = 1e-6;
const NONE = -1;

export interface Listening {
  readonly sent: SendKind;
  readonly unit: "worker" | "channel" | "subscription";
  readonly audience: "each" | "group";
  readonly boundMs: number;
  /** How long a message may be on its way. */
  readonly arriveMs: number;
}

/** One or more subscriptions that recover together. */
interface Listener {
  readonly name: string;
  readonly subscriptions: Subscription[];
  /** The first delivery of what was sent after the heal, as the event; and its message's send. */
  first: number;
  firstSend: number;
}

export function fatesOfListening(
  messages: Messages,
  options: Listening,
  calm: Calm,
  faults: ReadonlyMap<string, FaultRecord>,
  leftOut: (unit: string, worker: string) => boolean,
): Fate[] {
  const subscriptions = subscriptionsOf(messages, faults);
  const listeners = listenersOf(messages, options, subscriptions, leftOut);
  const byPlace = new Map(
    listeners.flatMap((listener) =>
      listener.subscriptions.map((each): [string, Listener] => [`${each.receiver} ${each.channel}`, listener]),
    ),
  );
  const sends = messages.sends(options.sent);
  const { event, message, receiver } = messages.deliveries();
  /** By message, the invocation of its successful send, where that was after the heal. */
  const later = new Int32Array(messages.size).fill(NONE);
  sends.call.forEach((call, i) => {
    if (messages.time(call) >= calm.from) later[sends.message[i] as number] = call;
  });
  /** Deliveries of such messages, in order. */
  const arrivals: { readonly event: number; readonly listener: Listener | undefined }[] = [];
  for (let i = 0; i < event.length; i += 1) {
    const send = later[message[i] as number] as number;
    if (send === NONE) continue;
    const listener = byPlace.get(`${receiver[i]} ${messages.channelOf(message[i] as number)}`);
    if (options.audience === "group") arrivals.push({ event: event[i] as number, listener });
    if (listener === undefined || listener.first !== NONE) continue;
    [listener.first, listener.firstSend] = [event[i] as number, send];
  }
  /** By channel, when somebody got anything from there for the last time. */
  const lastOn = new Map<number, number>();
  event.forEach((each, i) => lastOn.set(messages.channelOf(message[i] as number), messages.time(each)));
  const ok = [...sends.call].filter((call) => messages.outcome(call) === "ok" && messages.time(call) >= calm.from);
  const known: Known = { messages, options, calm, ok, arrivals, lastOn, listeners, subscriptions };
  return listeners.map((listener) => fateOf(listener, known));
}

interface Known {
  readonly messages: Messages;
  readonly options: Listening;
  readonly calm: Calm;
  /** Invocations of the successful sends after the heal. */
  readonly ok: readonly number[];
  readonly arrivals: readonly { readonly event: number; readonly listener: Listener | undefined }[];
  /** By channel, when somebody got anything from there for the last time. */
  readonly lastOn: ReadonlyMap<number, number>;
  readonly listeners: readonly Listener[];
  readonly subscriptions: readonly Subscription[];
}

function listenersOf(
  messages: Messages,
  { unit }: Listening,
  subscriptions: readonly Subscription[],
  leftOut: (unit: string, worker: string) => boolean,
): Listener[] {
  const listeners = new Map<string, Listener>();
  for (const subscription of subscriptions) {
    const worker = messages.receivers[subscription.receiver] ?? "";
    const channel = messages.columns.tape.texts[subscription.channel] ?? "";
    const name = unit === "worker" ? worker : unit === "channel" ? channel : `${worker} on ${channel}`;
    if (leftOut(name, worker)) continue;
    const listener = listeners.get(name) ?? { name, subscriptions: [], first: NONE, firstSend: NONE };
    listeners.set(name, listener);
    listener.subscriptions.push(subscription);
  }
  return [...listeners.values()];
}

function fateOf(listener: Listener, known: Known): Fate {
  const { messages, options, calm, ok } = known;
  const { name, subscriptions } = listener;
  const first = listener.first === NONE ? Infinity : messages.time(listener.first);
  const isMember = (call: number): boolean =>
    subscriptions.some(
      (each) =>
        each.channel === messages.channelOf(messages.named(call)) &&
        containing(each.member, { from: messages.time(call), to: messages.endOf(call) }) !== undefined,
    );
  const probe = ok.find(
    (call) =>
      messages.time(call) >= calm.from + fromMs(options.boundMs) && messages.endOf(call) <= calm.to && isMember(call),
  );
  const none = { name, first, took: first - calm.from };
  if (probe === undefined) return first < Infinity ? none : { ...none, unjudged: "was sent nothing after the bound" };
  const deadline = messages.endOf(probe) + fromMs(options.arriveMs);
  if (first <= deadline) return none;
  if (deadline >= calm.arrivals) return { ...none, unjudged: "had less time than the bound" };
  if (options.audience === "each" || options.unit === "channel")
    return { ...none, violation: violationOf(listener, known, probe, []) };
  // Nobody got anything since, so nobody was passed over for another one.
  if (subscriptions.every(({ channel }) => (known.lastOn.get(channel) ?? 0) < calm.from))
    return { ...none, violation: violationOf(listener, known, probe, []) };
  const others = passedOver(listener, known, deadline);
  return others === undefined
    ? { ...none, unjudged: "may have been passed over by chance" }
    : { ...none, violation: violationOf(listener, known, probe, others) };
}

/**
 * Deliveries to others after the bound, so many that it is no chance that this one got nothing meanwhile; undefined
 * where they are fewer. Those that are not told apart have the same chances.
 */
function passedOver(
  listener: Listener,
  { messages, calm, options, arrivals, listeners }: Known,
  since: number,
): number[] | undefined {
  const until = listener.first === NONE ? calm.arrivals : messages.time(listener.first);
  const needed = Math.ceil(Math.log(CHANCE) / Math.log(1 - 1 / Math.max(2, listeners.length)));
  const channels = new Set(listener.subscriptions.map(({ channel }) => channel));
  const found = arrivals
    .filter(({ event, listener: by }) => {
      const at = messages.time(event);
      return by !== listener && at > since && at < until && channels.has(messages.channelOf(messages.named(event)));
    })
    .slice(0, needed)
    .map(({ event }) => event);
  return options.audience === "group" && found.length === needed ? found : undefined;
}

function violationOf(listener: Listener, known: Known, probe: number, others: readonly number[]): Violation {
  const { messages, options, calm, ok, listeners } = known;
  const { name, first, firstSend, subscriptions } = listener;
  const until = first === NONE ? calm.arrivals : messages.time(first);
  const channels = new Set(subscriptions.map(({ channel }) => channel));
  const meanwhile = ok.filter(
    (call) => channels.has(messages.channelOf(messages.named(call))) && messages.endOf(call) < until,
  ).length;
  const recovered = listeners.filter((each) => each !== listener && each.first !== NONE).map((each) => each.name);
  const silence = first === NONE ? silenceOf(listener, known) : undefined;
  const span =
    first === NONE
      ? `to the end (${duration(until - calm.from)} later)`
      : `to ${moment(until)} (${duration(until - calm.from)} later)`;
  const sendsOfOthers = others.map(
    (event) => ok.find((call) => messages.named(call) === messages.named(event)) ?? event,
  );
  return {
    kind: silence?.kind ?? (first === NONE ? "never-again" : "late-recovery"),
    sentence: `${name} got nothing of what was sent from ${moment(calm.from)} on, when ${afterWords(calm)}, ${span}, although ${counted(meanwhile, "message was", "messages were")} sent meanwhile${whileOthers(recovered)}; the bound is ${duration(fromMs(options.boundMs))}${silence?.words ?? ""}`,
    events: evidenceAt([
      ...subscriptions.flatMap((each) => [each.first, messages.partner(each.first)]),
      ...(others.length === 0
        ? []
        : listeners.flatMap((each) => each.subscriptions.flatMap((one) => [one.first, messages.partner(one.first)]))),
      probe,
      messages.partner(probe),
      ...[...others, ...sendsOfOthers].flatMap((event) => [event, messages.partner(event)]),
      ...(first === NONE ? [] : [messages.partner(first), first, firstSend, messages.partner(firstSend)]),
      ...(silence?.events ?? []),
    ]),
    waited: until - calm.from + (first === NONE ? Number.MAX_SAFE_INTEGER / 2 : 0),
  };
}

function afterWords({ after }: Calm): string {
  const last = after.reduce<FaultRecord | undefined>((a, b) => (a === undefined || b.to > a.to ? b : a), undefined);
  return last === undefined ? "the faults were over" : `the fault “${last.title}” was over`;
}

interface Silence {
  readonly kind: "silent-subscription" | "not-subscribed" | "never-again";
  readonly words: string;
  readonly events: readonly number[];
}

/**
 * What the client says of a subscription that gets nothing, and what the servers count. That a subscription is missing
 * is forced only where they count fewer than there are clients that say so.
 */
function silenceOf({ subscriptions }: Listener, known: Known): Silence | undefined {
  const { messages, calm } = known;
  const [subscription] = subscriptions;
  if (subscription === undefined || subscriptions.length > 1) return undefined;
  const channel = messages.columns.tape.texts[subscription.channel] ?? "";
  const said = (each: Subscription, from: number, to: number) => containing(each.connected, { from, to });
  const looks = lastLooks(messages, calm);
  const [from, to] = [
    Math.min(...looks.map(({ call }) => messages.time(call)), calm.arrivals),
    Math.max(...looks.map(({ event }) => messages.time(event)), calm.from),
  ];
  const at = looks.length === 0 ? calm.to : from;
  const own = said(subscription, at, looks.length === 0 ? at : to);
  if (own === undefined) {
    const down = containing(subscription.disconnected, { from: at, to: at });
    if (down === undefined) return undefined;
    const words = `; its client has said since ${moment(down.from)} that it is not subscribed`;
    return { kind: "never-again", words, events: [subscription.first, down.begin] };
  }
  const says = `its client has said since ${moment(own.from)} that it is subscribed`;
  const seen = looks.flatMap((look) => look.channels.filter((each) => each.channel === channel));
  // A pattern is counted once, however many subscribe to it.
  if (seen.length === 0 || seen.some(({ patterns }) => patterns > 0) || seen.every(isNoChannel))
    return { kind: "never-again", words: `; ${says}`, events: [own.begin] };
  const count = seen.reduce((sum, each) => sum + each.subscribers + (each.shardSubscribers ?? 0), 0);
  const sayers = known.subscriptions.flatMap((each) => {
    const window = each.channel === subscription.channel ? said(each, from, to) : undefined;
    return window === undefined ? [] : [each.first, messages.partner(each.first), window.begin];
  });
  const events = [...sayers, ...looks.flatMap(({ call, event }) => [call, event])].filter(
    (each) => each !== NO_PARTNER,
  );
  const clients = sayers.length / 3;
  const asked = `${counted(clients, "client says", "clients say")} so`;
  return count < clients
    ? {
        kind: "not-subscribed",
        words: `; the server counts ${counted(count, "subscription")} of ${channel} where ${asked}, and ${says}`,
        events,
      }
    : {
        kind: "silent-subscription",
        words: `; the server counts ${counted(count, "subscription")} of ${channel} where ${asked}, and ${says}: it is silent`,
        events,
      };
}

function isNoChannel({ subscribers, shardSubscribers, groups }: Observation["channels"][number]): boolean {
  return subscribers + (shardSubscribers ?? 0) === 0 && groups.length > 0;
}

/** The last one of each node that began while everything had to work, and while messages were sent. */
function lastLooks(messages: Messages, calm: Calm): Observation[] {
  const last = new Map<string, Observation>();
  for (const each of observationsOf(messages))
    if (messages.time(each.call) > calm.from && messages.time(each.event) < calm.to) last.set(each.node, each);
  return [...last.values()];
}
