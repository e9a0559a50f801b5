/** The messages of a history: who sent which, who received which, and when a subscriber was connected. */
import type { History } from "../../history/history.ts";
import type { HistoryEvent, Operation } from "../../history/operation.ts";
import { outcome } from "../../history/operation.ts";
import { textField } from "../../history/vocabulary/read.ts";
import type { Span } from "../kit/phases.ts";
import { who } from "../kit/words.ts";

/** `publish` for Pub/Sub, `add` for streams. */
export type SendKind = "publish" | "add";

export interface Send {
  readonly channel: string;
  /** `"<publisher>:<number>"` */
  readonly message: string;
  readonly operation: Operation;
  readonly outcome: "ok" | "fail" | "info";
}

export interface Delivery {
  readonly channel: string;
  readonly message: string;
  /** Worker (or process) that received it. */
  readonly receiver: string;
  readonly operation: Operation;
  /** The `ok` of the deliver. */
  readonly event: HistoryEvent;
}

/** A subscriber on one channel. */
export interface Subscription {
  readonly subscriber: string;
  readonly channel: string;
  /** The first successful subscribe: from its `ok` on, everything should arrive. */
  readonly first: Operation;
  readonly since: number;
  /** Times in which it was connected, as far as it knew, in order. */
  readonly connected: readonly Span[];
  /** Times in which it knew that it was not. What lies in neither, or in both, is on the edge: nobody can say. */
  readonly disconnected: readonly Span[];
  /** The events that bound these times. */
  readonly bounds: readonly HistoryEvent[];
}

export function sendsOf(history: History, kind: SendKind): Send[] {
  return history.operations.flatMap((operation) =>
    operation.f === kind
      ? [
          {
            channel: textField(operation.invoke, "channel"),
            message: textField(operation.invoke, "message"),
            operation,
            outcome: outcome(operation),
          },
        ]
      : [],
  );
}

/** All deliveries, in the order in which they were received. */
export function deliveriesOf(history: History): Delivery[] {
  const deliveries: Delivery[] = [];
  for (const operation of history.operations) {
    const event = operation.completion;
    if (operation.f !== "deliver" || event?.type !== "ok") continue;
    const channel = textField(event, "channel");
    deliveries.push({ channel, message: textField(event, "message"), receiver: who(event), operation, event });
  }
  return deliveries.sort((a, b) => a.event.index - b.event.index);
}

/** The subscriptions of all workers that ever subscribed with success. */
export function subscriptionsOf(history: History): Subscription[] {
  const operations = history.operations.filter(({ f }) => f === "subscribe" || f === "deliver");
  const groups = Map.groupBy(operations, ({ invoke }) => JSON.stringify([who(invoke), textField(invoke, "channel")]));
  return [...groups.values()].flatMap((group) => subscriptionFrom(group) ?? []);
}

function subscriptionFrom(operations: readonly Operation[]): Subscription | undefined {
  const first = operations.find((operation) => operation.f === "subscribe" && outcome(operation) === "ok");
  if (first?.completion === undefined) return undefined;
  const connected: Span[] = [];
  const disconnected: Span[] = [];
  const bounds: HistoryEvent[] = [];
  let up: number | undefined;
  let down: number | undefined;
  const close = (at: number): void => {
    if (up !== undefined) connected.push({ from: up, to: at });
    up = undefined;
  };
  for (const operation of operations) {
    const { f, invoke, completion } = operation;
    if (f === "subscribe") {
      if (completion?.type !== "ok") continue;
      if (down !== undefined) disconnected.push({ from: down, to: completion.time });
      bounds.push(invoke, completion);
      up ??= completion.time;
      down = undefined;
    } else if (completion === undefined) {
      // It was waiting when it was killed, or when the recording ended: from here on nobody knows whether it still
      // listened.
      close(invoke.time);
      bounds.push(invoke);
    } else if (completion.type !== "ok") {
      close(completion.time);
      bounds.push(completion);
      down ??= completion.time;
    }
  }
  if (down !== undefined) disconnected.push({ from: down, to: Infinity });
  close(Infinity);
  const { invoke } = first;
  const subscription = {
    subscriber: who(invoke),
    channel: textField(invoke, "channel"),
    first,
    since: first.completion.time,
  };
  return { ...subscription, connected, disconnected, bounds };
}

/** Publisher and number of a message; undefined where it is not of the form `"<publisher>:<number>"`. */
export function numbered(message: string): { publisher: string; number: number } | undefined {
  const colon = message.lastIndexOf(":");
  const digits = message.slice(colon + 1);
  return colon > 0 && /^\d+$/.test(digits) ? { publisher: message.slice(0, colon), number: Number(digits) } : undefined;
}

/** One text per channel and message. */
export function identity({ channel, message }: { readonly channel: string; readonly message: string }): string {
  return `${channel.length}:${channel}${message}`;
}
