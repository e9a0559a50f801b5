/** Who subscribed to which channel, and when the subscriber was connected as far as it knew. */
import { NO_PARTNER } from "../../history/columns/columns.ts";
import { flagReader, optionalTextReader, textReader } from "../../history/vocabulary/read-columns.ts";
import type { FaultRecord } from "../kit/faults.ts";
import type { Span } from "../kit/phases.ts";
import { fromMs } from "../kit/words.ts";
import type { Messages } from "./messages.ts";

/** Nothing is on its way for longer, unless something holds it up. */
export const ON_ITS_WAY_NS = fromMs(1_000);

/** A span with the events that bound it; `NO_PARTNER` where no operation does. */
export interface Window extends Span {
  readonly begin: number;
  readonly end: number;
}

/** A subscriber on one channel. */
export interface Subscription {
  /** Its number in `Messages.receivers`. */
  readonly receiver: number;
  /** The index of the channel's name among the texts of the tape. */
  readonly channel: number;
  /** The invocation of the first successful `subscribe`: from its `ok` on, everything should arrive. */
  readonly first: number;
  readonly since: number;
  /**
   * When it was to get what was sent: always from then on, but for the times between a consumer that left or was killed
   * and the next one. A consumer need not wait for what was on its way when it went.
   */
  readonly member: readonly Span[];
  /** Times in which it was connected, as far as it knew, in order. Each begins when that was last said. */
  readonly connected: readonly Window[];
  /** Times in which it knew that it was not. What lies in neither, or in both, is on the edge: nobody can say. */
  readonly disconnected: readonly Window[];
  /** The events that bound these times. */
  readonly bounds: readonly number[];
}

/**
 * The subscriptions of all workers that ever subscribed with success. There are two ways to record them: a subscriber
 * whose `deliver` fails when its connection is lost, and subscribes again; and a consumer with a name, which is `told`
 * both, and may `unsubscribe`.
 */
export function subscriptionsOf(messages: Messages, faults: ReadonlyMap<string, FaultRecord>): Subscription[] {
  const { columns } = messages;
  const channelIn = textReader(columns, "channel");
  const consumerIn = optionalTextReader(columns, "consumer");
  const connectedIn = flagReader(columns, "connected");
  const builders = new Map<string, Builder>();
  const builderOf = (call: number): Builder => {
    const [receiver, channel] = [messages.receiverOf(call), channelIn(call)];
    const key = `${receiver} ${channel}`;
    const kills = (): number[] => killsOf(faults, messages.receivers[receiver] ?? "");
    const builder = builders.get(key) ?? new Builder(messages, receiver, channel, kills());
    builders.set(key, builder);
    return builder;
  };
  const steps: { readonly at: number; readonly take: () => void }[] = [];
  const step = (at: number, take: () => void): void => void steps.push({ at, take });
  for (const call of messages.calls("subscribe")) {
    const builder = builderOf(call);
    if (messages.outcome(call) === "ok")
      step(messages.partner(call), () => builder.subscribed(call, consumerIn(call) !== -1));
  }
  for (const call of messages.calls("unsubscribe")) {
    const builder = builderOf(call);
    step(call, () => builder.left(call, consumerIn(call)));
  }
  for (const call of messages.calls("told")) {
    const builder = builderOf(call);
    const end = messages.partner(call);
    // It was told at some time of the operation: what it says holds for certain before, or after.
    if (!connectedIn(call)) step(call, () => builder.toldLost(call, consumerIn(call)));
    else if (end !== NO_PARTNER) step(end, () => builder.toldConnected(end, consumerIn(call)));
  }
  for (const call of messages.calls("deliver")) {
    if (messages.outcome(call) === "ok") continue;
    const builder = builderOf(call);
    const end = messages.partner(call);
    if (end === NO_PARTNER) step(call, () => builder.waitsForEver(call));
    else step(end, () => builder.lost(end));
  }
  for (const { take } of steps.sort((a, b) => a.at - b.at)) take();
  return [...builders.values()].flatMap((builder) => builder.build() ?? []);
}

function killsOf(faults: ReadonlyMap<string, FaultRecord>, worker: string): number[] {
  return [...faults.values()]
    .filter(({ kind, target, from }) => kind === "kill" && from !== Infinity && target.includes(worker))
    .map(({ from }) => from)
    .sort((a, b) => a - b);
}

interface Begun {
  readonly at: number;
  readonly event: number;
}

/** Given a subscriber's operations on one channel, in order. */
class Builder {
  readonly #messages: Messages;
  readonly #receiver: number;
  readonly #channel: number;
  /** When its worker is killed, the next first. Only consumers with a name end by it. */
  readonly #kills: number[];
  #first = NO_PARTNER;
  #named = false;
  /** Names of consumers, whose words no longer count. */
  readonly #left = new Set<number>();
  readonly #member: Span[] = [];
  readonly #connected: Window[] = [];
  readonly #disconnected: Window[] = [];
  readonly #bounds: number[] = [];
  #since: number | undefined;
  #up: Begun | undefined;
  #down: Begun | undefined;

  constructor(messages: Messages, receiver: number, channel: number, kills: number[]) {
    this.#messages = messages;
    this.#receiver = receiver;
    this.#channel = channel;
    this.#kills = kills;
  }

  subscribed(call: number, named: boolean): void {
    const event = this.#messages.partner(call);
    const at = this.#reach(event);
    this.#named ||= named;
    if (this.#first === NO_PARTNER) this.#first = call;
    this.#since ??= at;
    this.#knewNoLonger(at, event);
    this.#bounds.push(call, event);
    this.#up ??= { at, event };
  }

  left(event: number, consumer: number): void {
    this.#left.add(consumer);
    this.#ended(this.#reach(event), event);
  }

  toldLost(event: number, consumer: number): void {
    if (this.#left.has(consumer)) return;
    this.lost(event);
  }

  toldConnected(event: number, consumer: number): void {
    if (this.#left.has(consumer)) return;
    const at = this.#reach(event);
    this.#bounds.push(event);
    this.#knewNoLonger(at, event);
    this.#close(at, event);
    this.#up = { at, event };
  }

  lost(event: number): void {
    const at = this.#reach(event);
    this.#close(at, event);
    this.#bounds.push(event);
    this.#down ??= { at, event };
  }

  /**
   * It was waiting when it was killed, or when the recording ended: from here on nobody knows whether it still
   * listened.
   */
  waitsForEver(event: number): void {
    this.#close(this.#reach(event), event);
    this.#bounds.push(event);
  }

  build(): Subscription | undefined {
    this.#diedBefore(Infinity);
    if (this.#first === NO_PARTNER) return undefined;
    this.#knewNoLonger(Infinity, NO_PARTNER);
    this.#close(Infinity, NO_PARTNER);
    if (this.#since !== undefined) this.#member.push({ from: this.#since, to: Infinity });
    return {
      receiver: this.#receiver,
      channel: this.#channel,
      first: this.#first,
      since: this.#messages.time(this.#messages.partner(this.#first)),
      member: this.#member,
      connected: this.#connected,
      disconnected: this.#disconnected,
      bounds: this.#bounds,
    };
  }

  /** @returns the time of the event that comes next. */
  #reach(event: number): number {
    const at = this.#messages.time(event);
    this.#diedBefore(at);
    return at;
  }

  #diedBefore(until: number): void {
    for (let [at] = this.#kills; at !== undefined && at <= until; [at] = this.#kills) {
      this.#kills.shift();
      if (this.#named) this.#ended(at, NO_PARTNER);
    }
  }

  #ended(at: number, event: number): void {
    if (event !== NO_PARTNER) this.#bounds.push(event);
    this.#close(at, event);
    this.#knewNoLonger(at, event);
    if (this.#since !== undefined) this.#member.push({ from: this.#since, to: at - ON_ITS_WAY_NS });
    this.#since = undefined;
  }

  #close(to: number, end: number): void {
    if (this.#up !== undefined) this.#connected.push({ from: this.#up.at, to, begin: this.#up.event, end });
    this.#up = undefined;
  }

  #knewNoLonger(to: number, end: number): void {
    if (this.#down !== undefined) this.#disconnected.push({ from: this.#down.at, to, begin: this.#down.event, end });
    this.#down = undefined;
  }
}

/**
 * The one of the spans, which are in order and apart, that contains another span in its inside: what touches its ends
 * is on the edge.
 */
export function containing<Each extends Span>(spans: readonly Each[], { from, to }: Span): Each | undefined {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.from ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  const span = spans[low - 1];
  return span !== undefined && to < span.to ? span : undefined;
}
