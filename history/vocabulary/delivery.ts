/**
 * What those record that put a delivery of messages to the test: publishers, consumers with a handler, and an observer
 * that asks the servers themselves.
 */
import { z } from "zod";
import { CHANNEL, MESSAGE } from "./messages.ts";
import type { EventsOf, Vocabulary } from "./operation-values.ts";

/** `delivery` is unique in the history: one time that a handler was called. */
const DELIVERY = z.strictObject({ ...MESSAGE, delivery: z.string() });

/** A consumer's subscription; `consumer` is another name each time that it comes back. */
const CONSUMER = z.strictObject({ channel: z.string(), consumer: z.string() });

/** A group of a stream, as the server knows it. */
const GROUP = z.strictObject({
  name: z.string(),
  pending: z.number(),
  /** Entries that no consumer was given; null where the server cannot tell. */
  lag: z.number().nullable(),
  /** How long the pending entry that was given out longest ago has been so. */
  oldestIdleMs: z.number().nullable(),
  /** How often the pending entry that was given out most often was. */
  mostDeliveries: z.number().nullable(),
});

/** What a server knows of a channel: how many subscribe to it, and, where it is a stream, its groups. */
const SEEN = z.strictObject({
  channel: z.string(),
  subscribers: z.number(),
  shardSubscribers: z.number().nullable(),
  patterns: z.number(),
  groups: z.array(GROUP),
});

export const DELIVERY_EVENTS = {
  /** `dueMs` is how long after it the message is to be handled at the earliest. */
  publish: {
    invoke: z.strictObject({ ...MESSAGE, dueMs: z.number().exactOptional() }),
    ok: z.strictObject({ ...MESSAGE, dueMs: z.number().exactOptional(), receivers: z.number().nullable() }),
  },
  subscribe: { invoke: CONSUMER, ok: CONSUMER },
  unsubscribe: { invoke: CONSUMER, ok: CONSUMER },
  /** What the adapter says of its subscription by itself. */
  told: {
    invoke: CONSUMER.extend({ connected: z.boolean() }),
    ok: CONSUMER.extend({ connected: z.boolean() }),
  },
  deliver: { invoke: CHANNEL, ok: DELIVERY },
  /** What the handler does with the message. */
  effect: { invoke: DELIVERY, ok: DELIVERY },
  /** How the handler ended: a refusal is a `fail`. */
  ack: { invoke: DELIVERY, ok: DELIVERY },
  /** All that the handlers have done, in the order of arrival. */
  effects: {
    invoke: CHANNEL,
    ok: z.strictObject({
      channel: z.string(),
      effects: z.array(z.strictObject({ message: z.string(), delivery: z.string() })),
    }),
  },
  /** What one server says, over a connection that no fault of the clients touches. */
  observe: {
    invoke: z.strictObject({ node: z.string() }),
    ok: z.strictObject({ node: z.string(), channels: z.array(SEEN) }),
  },
} as const satisfies Vocabulary;

export type DeliveryEvents = EventsOf<typeof DELIVERY_EVENTS>;

/** What a server knows of a channel. */
export type SeenChannel = z.output<typeof SEEN>;
